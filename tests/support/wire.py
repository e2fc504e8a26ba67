"""Raw WebSocket peers for the scenarios: they send what a test tells them and keep what they get.

They know only enough of the protocol to open the two sockets; what is sent is written out in the tests.
"""

import asyncio
import contextlib
import json
import socket
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.support.inbox import PATIENCE_SECONDS, Inbox, Item

SDK_VERSION = "3.0.0-hono.8"


class Closed(NamedTuple):
    """How a socket ended: WebSocket close code and reason."""

    code: int
    reason: str


class Peer:
    """One WebSocket: JSON frames land in `inbox`, binary frames in `binary`; `hear` is called with each message."""

    def __init__(self, connection: ClientConnection, name: str) -> None:
        self.connection = connection
        self.inbox = Inbox(name)
        self.binary: list[bytes] = []
        self.hear: Callable[[Item], None] | None = None
        self._binary_arrival = asyncio.Event()
        self._reader = asyncio.create_task(self._read())

    @classmethod
    async def open(cls, url: str, name: str, headers: Mapping[str, str] | None = None) -> Self:
        """Open `url`; raises websockets.InvalidStatus when the upgrade is refused."""
        connection = await connect(url, additional_headers=dict(headers or {}), max_size=None, proxy=None)
        return cls(connection, name)

    async def send(self, type_: str, **fields: Any) -> None:
        """Send one JSON message."""
        await self.connection.send(json.dumps({"type": type_, **fields}))

    async def send_message(self, message: Mapping[str, Any]) -> None:
        """Send one JSON message that brings its own `type`."""
        await self.connection.send(json.dumps(message))

    async def send_raw(self, frame: str | bytes) -> None:
        await self.connection.send(frame)

    async def take(self, type_: str, timeout_seconds: float = PATIENCE_SECONDS, **fields: Any) -> Item:
        """Return the oldest untaken message of this type with these fields."""
        return await self.inbox.take(timeout_seconds, type=type_, **fields)

    async def take_bytes(self, total: int, timeout_seconds: float = PATIENCE_SECONDS) -> bytes:
        """Return everything that came in binary frames, once it is at least `total` bytes."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_seconds):
                while sum(map(len, self.binary)) < total:
                    self._binary_arrival.clear()
                    await self._binary_arrival.wait()
        return b"".join(self.binary)

    async def closed(self, timeout_seconds: float = PATIENCE_SECONDS) -> Closed:
        """Wait until the other side has closed the socket."""
        try:
            async with asyncio.timeout(timeout_seconds):
                await asyncio.shield(self._reader)
        except TimeoutError:
            raise AssertionError(f"{self.inbox.owner} was not closed within {timeout_seconds} s") from None
        return Closed(self.connection.close_code or 1006, self.connection.close_reason or "")

    def stop_reading(self) -> None:
        """Leave what comes from now on to the network, as a hanging process does; to be called while nothing comes."""
        transport = self.connection.transport
        # Else the kernel would read megabytes in its place.
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16 * 1024)
        transport.pause_reading()

    def start_reading(self) -> None:
        self.connection.transport.resume_reading()

    def is_open(self) -> bool:
        return not self._reader.done()

    async def close(self, code: int = 1000, reason: str = "") -> None:
        await self.connection.close(code, reason)
        await self._reader

    async def abort(self) -> None:
        """Vanish as a lost network does, without a closing handshake."""
        self.connection.transport.abort()
        await self._reader

    async def _read(self) -> None:
        with contextlib.suppress(ConnectionClosed):
            async for frame in self.connection:
                if isinstance(frame, bytes):
                    self.binary.append(frame)
                    self._binary_arrival.set()
                else:
                    self._put(json.loads(frame))
        self.inbox.close()

    def _put(self, message: Item) -> None:
        self.inbox.put(message)
        if self.hear is not None:
            self.hear(message)


class RawPhone(Peer):
    """The glasses socket (glasses-socket §1)."""

    @classmethod
    async def dial(cls, ws_url: str, token: str, *, path: str = "/glasses-ws", name: str = "phone") -> Self:
        return await cls.open(f"{ws_url}{path}", name, {"Authorization": f"Bearer {token}"})

    async def barrier(self) -> None:
        """Return once the cloud has answered a ping that was sent now (glasses-socket §3)."""
        await self.send("ping")
        await self.take("pong")


class RawApp(Peer):
    """The app socket as families A and C open it (app-socket §2–3)."""

    @classmethod
    async def dial_a(cls, websocket_url: str, name: str = "app A") -> Self:
        return await cls.open(websocket_url, name)

    @classmethod
    async def dial_c(
        cls, websocket_url: str, *, user_id: str, package_name: str, api_key: str, name: str = "app C"
    ) -> Self:
        headers = {
            "x-user-id": user_id,
            "x-session-id": f"{user_id}-{package_name}",
            "x-package-name": package_name,
            "x-api-key": api_key,
        }
        return await cls.open(websocket_url, name, headers)

    async def init_a(self, session_id: str, package_name: str, api_key: str) -> None:
        await self.send("tpa_connection_init", sessionId=session_id, packageName=package_name, apiKey=api_key)

    async def init_c(self, package_name: str, api_key: str) -> None:
        await self.send(
            "tpa_connection_init", packageName=package_name, apiKey=api_key, sdkVersion=SDK_VERSION
        )

    async def reconnect_c(self, session_id: str) -> None:
        await self.send("reconnect", sessionId=session_id, sdkVersion=SDK_VERSION)

    async def subscribe(self, *streams: str | dict[str, str]) -> None:
        await self.send("subscription_update", subscriptions=list(streams))
