"""The yardstick: a relay of the same frames under the same server, with no Channels, no session, no message.

`python -m bench.bare_relay daphne|stock|uvicorn PORT`; `daphne` is the node's own Daphne server, `stock` is Daphne
as it comes, all with uvloop. A frame that comes on /phone/N leaves on /app/N.
"""

import os
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import django

Send = Callable[[dict[str, Any]], Awaitable[None]]
_apps: dict[str, Send] = {}


async def relay(scope: dict[str, Any], receive: Callable[[], Awaitable[dict[str, Any]]], send: Send) -> None:
    """Serve one socket."""
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    await receive()
    await send({"type": "websocket.accept"})
    _, kind, number = scope["path"].split("/")
    if kind == "app":
        _apps[number] = send
    while (event := await receive())["type"] == "websocket.receive":
        if kind == "phone":
            await _apps[number]({"type": "websocket.send", "bytes": event["bytes"]})


async def _nothing() -> None:
    """Stand in for what a node does when it starts or stops."""


def _serve_stock(port: int) -> None:
    from daphne.server import Server

    Server(
        relay,
        endpoints=[f"tcp:port={port}:interface=127.0.0.1"],
        websocket_timeout=-1,
        ping_interval=10,
        ping_timeout=0,
    ).run()


def main(server: str, port: int) -> None:
    """Serve until SIGTERM."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentra_site.settings.dev")
    django.setup()
    from mentra_site.servers.listener import open_listener

    if server == "uvicorn":
        from mentra_site.servers import uvicorn_server

        uvicorn_server.serve(relay, open_listener("127.0.0.1", port), drain=_nothing)
        return
    from mentra_site.servers.reactor import install_uvloop_reactor

    install_uvloop_reactor()
    if server == "stock":
        _serve_stock(port)
        return
    from mentra_site.servers import daphne_server

    daphne_server.serve(relay, open_listener("127.0.0.1", port), start=_nothing, drain=_nothing)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
