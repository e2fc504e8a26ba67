"""A TCP proxy that stands for the network between app servers and the cloud, so that a test can cut it."""

import asyncio
import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

from tests.support.ports import free_port

Result = TypeVar("Result")

# SO_LINGER with zero seconds: closing sends a reset, as a lost network path does, not an orderly end.
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)
_CHUNK_BYTES = 65536


class Proxy:
    """Forwards 127.0.0.1:`port` to 127.0.0.1:`target_port` from a thread of its own; with `tls`, as a front of it."""

    def __init__(self, target_port: int, tls: ssl.SSLContext | None = None) -> None:
        self.target_port = target_port
        self._tls = tls
        self.port = free_port()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy", daemon=True)
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        scheme = "http" if self._tls is None else "https"
        return f"{scheme}://127.0.0.1:{self.port}"

    def start(self) -> None:
        self._thread.start()
        self._run(self._listen())

    def stop(self) -> None:
        self._run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)
        self._loop.close()

    def cut(self) -> int:
        """Reset every connection that is open now and return how many; new ones are let through."""
        return self._run(self._cut())

    def block(self) -> None:
        """Refuse new connections until `unblock`; open ones stay."""
        self._run(self._stop_listening())

    def unblock(self) -> None:
        self._run(self._listen())

    def _run(self, job: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(job, self._loop).result(timeout=10)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, ssl=self._tls)

    async def _stop_listening(self) -> None:
        if self._server is not None:
            self._server.close()

    async def _cut(self) -> int:
        victims = list(self._open)
        for writer in victims:
            raw = writer.get_extra_info("socket")
            if raw is not None:
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
            writer.transport.abort()
        return len(victims) // 2

    async def _close(self) -> None:
        await self._stop_listening()
        await self._cut()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", self.target_port)
        except OSError:
            writer.transport.abort()
            return
        self._open |= {writer, inner_writer}
        ways = {
            asyncio.create_task(self._copy(reader, inner_writer)),
            asyncio.create_task(self._copy(inner_reader, writer)),
        }
        self._tasks |= ways
        await asyncio.gather(*ways, return_exceptions=True)
        self._tasks -= ways
        self._open -= {writer, inner_writer}

    async def _copy(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while chunk := await source.read(_CHUNK_BYTES):
                target.write(chunk)
                await target.drain()
        with contextlib.suppress(OSError, RuntimeError):
            target.close()
