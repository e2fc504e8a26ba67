"""A WebSocket client that costs little, so that a load of thousands of frames a second fits beside the node.

Knows handshake and frames (RFC 6455) as far as a well-behaved server sends them; knows no message.
"""

import asyncio
import base64
import os
from collections.abc import Callable
from typing import cast

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
FINAL = 0x80
MASKED = 0x80
LONGEST_SHORT = 125
SIZE_IN_TWO, SIZE_IN_EIGHT = 126, 127
LONGEST_IN_TWO = 0xFFFF
UPGRADE_SECONDS = 30.0
_MASK = os.urandom(4)
_UPGRADED = b"HTTP/1.1 101"
_END_OF_HEADERS = b"\r\n\r\n"


class Refused(ConnectionError):
    """The server did not take the connection or ended it; the text is what it said."""


class ClientSocket(asyncio.Protocol):
    """One connection. `on_text` and `on_bytes` are called for each frame; pings are answered."""

    def __init__(self) -> None:
        self.on_text: Callable[[bytes], None] = _ignore
        self.on_bytes: Callable[[bytes], None] = _ignore
        self.on_end: Callable[[str], None] = _ignore_end
        self.upgraded: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._transport: asyncio.Transport | None = None
        self._received = b""
        self._is_open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.upgraded.done():
            self.upgraded.set_exception(Refused(f"the connection ended during its handshake: {exc}"))
        self.on_end(f"connection lost: {exc}")

    def data_received(self, data: bytes) -> None:
        received = self._received + data if self._received else data
        if not self._is_open:
            head, found, received = received.partition(_END_OF_HEADERS)
            if not found:
                self._received = head
                return
            if not head.startswith(_UPGRADED):
                self.upgraded.set_exception(Refused(head.decode("latin-1")))
                return
            self._is_open = True
            self.upgraded.set_result(None)
        self._received = self._take_frames(received)

    def request(self, address: str, path: str, headers: dict[str, str]) -> None:
        """Ask for the upgrade."""
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [
            f"GET {path} HTTP/1.1",
            f"Host: {address}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {key}",
            "Sec-WebSocket-Version: 13",
            *(f"{name}: {value}" for name, value in headers.items()),
        ]
        self._write("\r\n".join(lines).encode() + _END_OF_HEADERS)

    def send_text(self, payload: bytes) -> None:
        """Send a text frame of UTF-8."""
        self._write(frame(TEXT, payload))

    def send_bytes(self, payload: bytes) -> None:
        """Send a binary frame."""
        self._write(frame(BINARY, payload))

    def abort(self) -> None:
        """End the connection without a word, as a phone that loses its network."""
        if self._transport is not None:
            self._transport.abort()

    def _write(self, data: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    def _take_frames(self, data: bytes) -> bytes:
        at = 0
        while len(data) - at > 1:
            size, begin = data[at + 1], at + 2
            if size == SIZE_IN_TWO:
                size, begin = int.from_bytes(data[begin : begin + 2], "big"), begin + 2
            elif size == SIZE_IN_EIGHT:
                size, begin = int.from_bytes(data[begin : begin + 8], "big"), begin + 8
            if begin + size > len(data):
                break
            self._take(data[at] & 0x0F, data[begin : begin + size])
            at = begin + size
        return data[at:]

    def _take(self, opcode: int, payload: bytes) -> None:
        if opcode == TEXT:
            self.on_text(payload)
        elif opcode == BINARY:
            self.on_bytes(payload)
        elif opcode == PING:
            self._write(frame(PONG, payload))
        elif opcode == CLOSE:
            self.on_end(f"closed {int.from_bytes(payload[:2], 'big')} {payload[2:].decode()}")


def frame(opcode: int, payload: bytes) -> bytes:
    """Return one final frame as a client sends it, masked."""
    size = len(payload)
    if size <= LONGEST_SHORT:
        head = bytes((FINAL | opcode, MASKED | size))
    elif size <= LONGEST_IN_TWO:
        head = bytes((FINAL | opcode, MASKED | SIZE_IN_TWO)) + size.to_bytes(2, "big")
    else:
        head = bytes((FINAL | opcode, MASKED | SIZE_IN_EIGHT)) + size.to_bytes(8, "big")
    repeated = (_MASK * (size // 4 + 1))[:size]
    mixed = int.from_bytes(payload, "little") ^ int.from_bytes(repeated, "little")
    return head + _MASK + mixed.to_bytes(size, "little")


async def connect(
    port: int,
    path: str,
    headers: dict[str, str] | None = None,
    on_text: Callable[[bytes], None] | None = None,
) -> ClientSocket:
    """Open a socket to 127.0.0.1; `on_text` is in place before the first frame. Raises Refused."""
    loop = asyncio.get_running_loop()
    _, client = await loop.create_connection(ClientSocket, "127.0.0.1", port)
    client.on_text = on_text or _ignore
    client.request(f"127.0.0.1:{port}", path, headers or {})
    await asyncio.wait_for(client.upgraded, UPGRADE_SECONDS)
    return client


def _ignore(payload: bytes) -> None:
    del payload


def _ignore_end(why: str) -> None:
    del why
