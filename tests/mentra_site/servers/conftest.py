"""A node process per server kind, and clients that behave badly on purpose."""

import base64
import os
import queue
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Self

import pytest

HEARTBEAT_SECONDS = 1


class SmallNode:
    """The process of tests.mentra_site.servers.small_node and the lines it printed."""

    def __init__(self, server: str, **environment: str) -> None:
        self.lines: queue.Queue[str] = queue.Queue()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.mentra_site.servers.small_node", server, "0"],
            env={**os.environ, "HEARTBEAT_SECONDS": str(HEARTBEAT_SECONDS), "WEBSOCKET_MAX_BYTES": "65536"}
            | environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        threading.Thread(target=self._read, daemon=True).start()
        self.port = int(self.wait_for("PORT").split()[1])
        self.wait_for("STARTED")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    def wait_for(self, beginning: str, seconds: float = 15) -> str:
        """Return the next line with this beginning; skip others."""
        while True:
            line = self.lines.get(timeout=seconds)
            if line.startswith(beginning):
                return line

    def ask_to_stop(self) -> None:
        self._process.send_signal(signal.SIGTERM)

    def wait_until_ended(self, seconds: float = 12) -> int:
        return self._process.wait(seconds)

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.lines.put(line.strip())


class RawClient:
    """A WebSocket client that reads only when it is told to."""

    def __init__(self, port: int, path: str) -> None:
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.settimeout(10)
        self.socket.connect(("127.0.0.1", port))
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [
            f"GET {path} HTTP/1.1",
            f"Host: 127.0.0.1:{port}",
            "Upgrade: websocket",
            "Connection: Upgrade",
        ]
        lines += [f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13", "", ""]
        self.socket.sendall("\r\n".join(lines).encode())
        self._unread = b""
        while b"\r\n\r\n" not in self._unread:
            self._unread += self.socket.recv(4096)
        head, _, self._unread = self._unread.partition(b"\r\n\r\n")
        assert b" 101 " in head, head

    def send_frame(self, opcode: int, payload: bytes) -> None:
        size = len(payload)
        if size < 126:
            length = bytes([0x80 | size])
        elif size < 65536:
            length = b"\xfe" + struct.pack("!H", size)
        else:
            length = b"\xff" + struct.pack("!Q", size)
        self.socket.sendall(bytes([0x80 | opcode]) + length + bytes(4) + payload)

    def read_frame(self) -> tuple[int, bytes]:
        """Return opcode and payload of the next frame."""
        first, second = self._take(2)
        size = second & 0x7F
        if size >= 126:
            size = int.from_bytes(self._take(2 if size == 126 else 8), "big")
        return first & 0x0F, self._take(size)

    def close(self) -> None:
        self.socket.close()

    def _take(self, size: int) -> bytes:
        while len(self._unread) < size:
            more = self.socket.recv(65536)
            assert more, "the server closed the connection"
            self._unread += more
        taken, self._unread = self._unread[:size], self._unread[size:]
        return taken


@pytest.fixture(scope="module", params=["daphne", "uvicorn"])
def node(request: pytest.FixtureRequest) -> Iterator[SmallNode]:
    """A running node; tests of one module share it."""
    with SmallNode(request.param) as running:
        yield running
