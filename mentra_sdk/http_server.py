"""Serving an ASGI application from inside a program. Knows uvicorn, nothing of mini apps."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from typing import Any

import uvicorn

from mentra_sdk.errors import ServerError


class _QuietServer(uvicorn.Server):
    """A uvicorn server that leaves signals alone and says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()


class HttpServer:
    """Listens on one port for as long as it is wanted; port 0 picks a free one."""

    def __init__(self, application: Any, *, host: str, port: int) -> None:
        self.port = port
        self._host = host
        self._config = uvicorn.Config(
            application, lifespan="on", ws="none", log_level="warning", timeout_graceful_shutdown=5
        )
        self._server: _QuietServer | None = None
        self._serving: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Return once the port accepts connections; raises ServerError when it is taken."""
        listener = self._bind()
        self.port = listener.getsockname()[1]
        self._server = _QuietServer(self._config)
        self._serving = asyncio.create_task(self._server.serve(sockets=[listener]))
        listening = asyncio.create_task(self._server.listening.wait())
        await asyncio.wait({self._serving, listening}, return_when=asyncio.FIRST_COMPLETED)
        listening.cancel()

    async def stop(self) -> None:
        """Finish the requests in progress and stop listening."""
        if self._server is not None:
            self._server.should_exit = True
        await self.wait()

    async def wait(self) -> None:
        """Return when the server has stopped."""
        if self._serving is not None:
            await self._serving

    def _bind(self) -> socket.socket:
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((self._host, self.port))
        except OSError as problem:
            listener.close()
            raise ServerError(f"{self._host}:{self.port} cannot be used: {problem.strerror}") from problem
        return listener
