"""A node under Daphne, the reference server. Importing this fixes Twisted's reactor (see `reactor`)."""

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from daphne.server import Server
from django.conf import settings
from twisted.internet import defer, reactor
from twisted.internet.tcp import Port

from mentra_site.servers.access_log import log_action
from mentra_site.servers.daphne_http import NodeHTTPFactory
from mentra_site.servers.daphne_websocket import NodeWebSocketProtocol
from mentra_site.servers.stopping import CLOSE_SECONDS, STOP_SIGNALS, end_process_in_time

logger = logging.getLogger(__name__)

Application = Callable[..., Awaitable[None]]
Step = Callable[[], Awaitable[None]]
ACCEPT_SECONDS = 10
CLOSING_SECONDS = 1.0


def serve(application: Application, listener: socket.socket, *, start: Step, drain: Step) -> None:
    """Serve `application` until SIGTERM or SIGINT, with `start` before it listens and `drain` after."""
    server = NodeServer(application, listener, start, drain)
    server.run()
    if server.failure is not None:
        raise server.failure


class NodeServer(Server):  # type: ignore[misc]
    """Daphne with the node's sockets, time-outs and way of stopping."""

    def __init__(self, application: Application, listener: socket.socket, start: Step, drain: Step) -> None:
        super().__init__(
            application,
            endpoints=[listener],
            signal_handlers=False,
            action_logger=log_action if settings.ACCESS_LOG else None,
            websocket_timeout=-1,
            websocket_connect_timeout=ACCEPT_SECONDS,
            ping_interval=settings.HEARTBEAT_SECONDS,
            ping_timeout=0,
            websocket_max_message_size=settings.WEBSOCKET_MAX_BYTES,
            websocket_max_frame_size=settings.WEBSOCKET_MAX_BYTES,
            ready_callable=self._begin,
            server_name="",
        )
        # The socket is bound already; Daphne would make one of its own from each endpoint it knows.
        self.endpoints: list[object] = []
        self.failure: Exception | None = None
        self._listener = listener
        self._start = start
        self._drain = drain
        self._port: Port | None = None
        self._starting: asyncio.Task[None] | None = None
        self._stopping: asyncio.Task[None] | None = None
        self._last_socket_closed: asyncio.Event | None = None

    def begin_to_stop(self) -> None:
        """Stop accepting, drain, end. Further calls change nothing."""
        if self._stopping is None:
            end_process_in_time()
            self._stopping = asyncio.get_running_loop().create_task(self._stop_in_order())

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        """Start the application for one request or socket; return the queue of its events."""
        if scope["type"] != "websocket":
            return super().create_application(protocol, scope)
        scope["asgi"] = {"version": "3.0", "spec_version": "2.4"}
        protocol.has_application = True
        running = self.application(scope=scope, receive=protocol.inbox.get, send=protocol.send_event)
        instance = asyncio.ensure_future(running)
        instance.add_done_callback(lambda _: protocol.say_goodbye())
        self.connections[protocol]["application_instance"] = instance
        return protocol.inbox

    async def handle_reply(self, protocol: Any, message: dict[str, Any]) -> None:
        """Send what the application says; a peer that reads slowly makes it wait, so that memory stays bounded."""
        await super().handle_reply(protocol, message)
        if message.get("more_body"):
            await protocol.taken()

    def protocol_disconnected(self, protocol: Any) -> None:
        super().protocol_disconnected(protocol)
        if self._last_socket_closed is not None and not self._has_open_sockets():
            self._last_socket_closed.set()

    def kill_all_applications(self) -> Any:
        """Cancel every application still running; a connection may have none any more."""
        running = [details.get("application_instance") for details in self.connections.values()]
        cancelled = [task for task in running if task is not None and task.cancel()]
        return defer.Deferred.fromFuture(asyncio.gather(*cancelled, return_exceptions=True))

    def _begin(self) -> None:
        self.http_factory = NodeHTTPFactory(self)
        self.ws_factory.protocol = NodeWebSocketProtocol
        # A peer that breaks the WebSocket protocol is told so by a close frame before its connection ends.
        self.ws_factory.setProtocolOptions(failByDrop=False, closeHandshakeTimeout=CLOSE_SECONDS)
        NodeWebSocketProtocol.take_options(self.ws_factory)
        self._starting = asyncio.get_event_loop().create_task(self._start_and_listen())

    async def _start_and_listen(self) -> None:
        """Start the node in the running loop: uvloop loses signals that come while it stands still."""
        for number in STOP_SIGNALS:
            asyncio.get_running_loop().add_signal_handler(number, self.begin_to_stop)
        try:
            await self._start()
        except Exception as error:  # noqa: BLE001  raised again once the reactor has stopped
            self.failure = error
            self.stop()
            return
        if self._stopping is None:
            self._port = reactor.adoptStreamPort(
                self._listener.fileno(), self._listener.family, self.http_factory
            )
        self._listener.close()

    async def _stop_in_order(self) -> None:
        if self._port is not None:
            self._port.stopListening()  # type: ignore[no-untyped-call]
        try:
            await self._drain()
            await self._wait_for_closed_sockets()
        except Exception:
            logger.exception("The node could not be drained; its sessions come back by their grace period.")
        self.stop()

    async def _wait_for_closed_sockets(self) -> None:
        """Give the sockets the drain has closed the time to say goodbye."""
        self._last_socket_closed = asyncio.Event()
        with suppress(TimeoutError):
            if self._has_open_sockets():
                await asyncio.wait_for(self._last_socket_closed.wait(), CLOSING_SECONDS)

    def _has_open_sockets(self) -> bool:
        return any(
            isinstance(protocol, NodeWebSocketProtocol) and "disconnected" not in details
            for protocol, details in self.connections.items()
        )
