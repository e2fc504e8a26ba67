"""A name server for proxies that look nodes up: it answers A questions from a table that tests change."""

import asyncio
import socket
from types import TracebackType
from typing import Self

HEADER_BYTES = 12
QUESTION_TAIL_BYTES = 4


class NameServer(asyncio.DatagramProtocol):
    """Answers on a free UDP port while the context lasts; `addresses` by full name. A name it lacks does not exist."""

    def __init__(self, addresses: dict[str, list[str]]) -> None:
        self.addresses = addresses
        self.port = 0
        self._transport: asyncio.DatagramTransport | None = None

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=("127.0.0.1", 0))
        self.port = self._transport.get_extra_info("sockname")[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._transport is not None:
            self._transport.close()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Answer one question (RFC 1035 §4)."""
        assert self._transport is not None
        end = data.index(0, HEADER_BYTES) + 1
        found = self.addresses.get(_name(data[HEADER_BYTES:end]), [])
        flags = b"\x85\x80" if found else b"\x85\x83"
        counts = (1).to_bytes(2) + len(found).to_bytes(2) + bytes(4)
        answers = b"".join(
            b"\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x01\x00\x04" + socket.inet_aton(each) for each in found
        )
        question = data[HEADER_BYTES : end + QUESTION_TAIL_BYTES]
        self._transport.sendto(data[:2] + flags + counts + question + answers, addr)


def _name(labels: bytes) -> str:
    parts, at = [], 0
    while labels[at]:
        parts.append(labels[at + 1 : at + 1 + labels[at]].decode())
        at += 1 + labels[at]
    return ".".join(parts)
