"""A WebSocket server inside the test, every step under the test's control. Knows no protocol."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, Generic, Self, TypeVar

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.http11 import Request, Response

from tests.support.inbox import PATIENCE_SECONDS

Message = dict[str, Any]
Admit = Callable[[ServerConnection, Request], Awaitable[Response | None]]


class ServerSocket:
    """The server's end of one socket a client opened."""

    def __init__(self, connection: ServerConnection) -> None:
        self.connection = connection
        self.received: list[Message] = []

    @property
    def path(self) -> str:
        assert self.connection.request is not None
        return self.connection.request.path

    @property
    def headers(self) -> dict[str, str]:
        assert self.connection.request is not None
        return {name.lower(): value for name, value in self.connection.request.headers.raw_items()}

    async def next_frame(self) -> str | bytes:
        """Return the next frame of the client."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await self.connection.recv()

    async def next(self) -> Message:
        """Return the next message of the client."""
        message: Message = json.loads(await self.next_frame())
        self.received.append(message)
        return message

    async def next_of(self, kind: str) -> Message:
        """Return the next message of one type, skipping others."""
        while True:
            message = await self.next()
            if message["type"] == kind:
                return message

    async def send(self, kind: str, **fields: Any) -> None:
        await self.connection.send(json.dumps({"type": kind, **fields}))

    async def close(self, code: int = 1000, reason: str = "") -> None:
        await self.connection.close(code, reason)

    def drop(self) -> None:
        """Break the connection without a close frame."""
        self.connection.transport.abort()

    async def closed(self) -> tuple[int, str]:
        """Wait until the client closed and return its code and reason."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self.connection.wait_closed()
        return self.connection.close_code or 0, self.connection.close_reason or ""


S = TypeVar("S", bound=ServerSocket)


class SocketServer(Generic[S]):
    """Listens on 127.0.0.1; every socket a client opens is handed out once by `next_socket`.

    `admit` sees each handshake and may answer it with something else than a socket.
    """

    def __init__(self, kind: type[S], admit: Admit | None = None) -> None:
        self._kind = kind
        self._admit = admit
        self._sockets: asyncio.Queue[S] = asyncio.Queue()
        self._server: Server | None = None
        self._over = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._server = await serve(self._hold, "127.0.0.1", 0, process_request=self._admit)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @property
    def address(self) -> str:
        assert self._server is not None
        return f"ws://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        self._over.set()
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    async def next_socket(self) -> S:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await self._sockets.get()

    def has_no_new_socket(self) -> bool:
        return self._sockets.empty()

    async def _hold(self, connection: ServerConnection) -> None:
        self._sockets.put_nowait(self._kind(connection))
        over = asyncio.create_task(self._over.wait())
        gone = asyncio.create_task(connection.wait_closed())
        await asyncio.wait({over, gone}, return_when=asyncio.FIRST_COMPLETED)
        over.cancel()
        gone.cancel()
