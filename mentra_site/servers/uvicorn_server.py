"""A node under uvicorn: the same application with fewer microseconds per frame."""

import asyncio
import logging
import socket
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import uvicorn
from django.conf import settings

from mentra_site.servers.access_log import Redacting
from mentra_site.servers.listener import MOST_HEADER_BYTES
from mentra_site.servers.stopping import end_process_in_time
from mentra_site.servers.uvicorn_http import NodeHTTPProtocol
from mentra_site.servers.uvicorn_websocket import NodeWebSocketProtocol

logger = logging.getLogger(__name__)

CLOSING_SECONDS = 1


def serve(
    application: Callable[..., Any], listener: socket.socket, *, drain: Callable[[], Awaitable[None]]
) -> None:
    """Serve `application` (which starts its node by the ASGI lifespan) until SIGTERM or SIGINT."""
    for name in ("uvicorn.access", "uvicorn.error"):
        logging.getLogger(name).addFilter(Redacting())
    if not settings.ACCESS_LOG:
        logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    config = uvicorn.Config(
        application,
        loop="uvloop",
        http=NodeHTTPProtocol,
        h11_max_incomplete_event_size=MOST_HEADER_BYTES,
        ws=NodeWebSocketProtocol,
        ws_max_size=settings.WEBSOCKET_MAX_BYTES,
        ws_ping_interval=settings.HEARTBEAT_SECONDS,
        ws_ping_timeout=None,
        ws_per_message_deflate=False,
        lifespan="on",
        log_config=None,
        access_log=settings.ACCESS_LOG,
        server_header=False,
        timeout_graceful_shutdown=CLOSING_SECONDS,
    )
    server = NodeServer(config, drain)
    server.run(sockets=[listener])
    if not server.started:
        sys.exit(1)


class NodeServer(uvicorn.Server):
    """Drains before it touches a socket: uvicorn itself would close all of them first."""

    def __init__(self, config: uvicorn.Config, drain: Callable[[], Awaitable[None]]) -> None:
        super().__init__(config)
        self._drain = drain

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        end_process_in_time()
        for server in self.servers:
            server.close()
        try:
            await self._drain()
        except Exception:
            logger.exception("The node could not be drained; its sessions come back by their grace period.")
        if self.server_state.tasks:
            await asyncio.wait(set(self.server_state.tasks), timeout=CLOSING_SECONDS)
        await super().shutdown(sockets)
        # uvicorn would raise the signal again; this end was asked for and went well: exit code 0, as with Daphne.
        self._captured_signals.clear()
