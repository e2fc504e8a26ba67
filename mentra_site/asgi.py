"""The ASGI application, for any ASGI server: probes, pages and REST by Django, sockets by sessions_app."""

import os
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentra_site.settings.prod")
django_application = get_asgi_application()

# Django must be set up before anything below imports a model.
from mentra_site.health import HealthProbe, answer_livez  # noqa: E402
from mentra_site.loop_lag import LoopLagMonitor  # noqa: E402
from mentra_site.metrics import MetricsProbe, loop_delays  # noqa: E402
from mentra_site.node_lifespan import NodeLifespan  # noqa: E402
from sessions_app.transport.lifespan import drain_node, start_node  # noqa: E402
from sessions_app.transport.routing import application as socket_application  # noqa: E402

Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
AsgiApplication = Callable[[dict[str, Any], Receive, Send], Awaitable[None]]

loop_lag = LoopLagMonitor(settings.EVENT_LOOP_TICK_SECONDS, loop_delays.observe)
lifespan = NodeLifespan(start_node, drain_node, loop_lag)

# One thread of their own for what probes ask the database: however long it hangs, no request waits behind it.
_probe_thread = ThreadPoolExecutor(1, thread_name_prefix="probe")
# Answered before Django's middleware: a probe must work when everything behind it hangs (pitfalls P-59).
PROBES: dict[str, AsgiApplication] = {
    "/livez": answer_livez,
    "/health": HealthProbe(lifespan, loop_lag, _probe_thread),
    "/metrics": MetricsProbe(loop_lag, _probe_thread),
}


async def application(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """Dispatch one ASGI scope. A server without lifespan events starts the node with its first request."""
    kind = scope["type"]
    if kind == "lifespan":
        await lifespan.serve_events(receive, send)
        return
    if not lifespan.is_started:
        await lifespan.start()
    if kind == "websocket":
        await socket_application(scope, receive, send)
    elif (probe := PROBES.get(scope["path"])) and scope["method"] in ("GET", "HEAD"):
        await probe(scope, receive, send)
    else:
        await django_application(scope, receive, send)
