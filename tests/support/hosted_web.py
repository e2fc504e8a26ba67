"""An HTTP API of another company on this machine: answers what a test tells it to, and remembers what was asked."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

KEY = "k3y-nobody-may-read"


@dataclass(frozen=True)
class Answer:
    """One answer. `pieces` are sent one by one; with `breaks` the connection ends before its time."""

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    pieces: tuple[bytes, ...] = ()
    breaks: bool = False


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: Any


class HostedWeb:
    """Serves on a local port, a free one by default, until the block ends; `answers` are given in turn, by path."""

    def __init__(self, port: int = 0) -> None:
        self._port = port
        self.asked: list[Asked] = []
        self.answers: dict[str, list[Answer]] = {}
        self.open = asyncio.Event()
        self.open.set()
        self.waiting = 0
        self._changed = asyncio.Condition()
        self.url = ""

    def will_answer(self, path: str, *answers: Answer) -> None:
        """Give these answers at a path, the last one for ever."""
        self.answers[path] = list(answers)

    async def holds(self, requests: int) -> None:
        """Wait until that many requests wait for their answers."""
        async with asyncio.timeout(5), self._changed:
            await self._changed.wait_for(lambda: self.waiting == requests)

    def paths(self) -> list[str]:
        return [one.path for one in self.asked]

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._serve)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self.open.set()
        await self._runner.cleanup()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        body = json.loads(raw) if raw else None
        path = request.path
        self.asked.append(Asked(request.method, path, request.query_string, dict(request.headers), body))
        self.waiting += 1
        async with self._changed:
            self._changed.notify_all()
        try:
            await self.open.wait()
        finally:
            self.waiting -= 1
        key = f"{path}?{request.query_string}" if f"{path}?{request.query_string}" in self.answers else path
        waiting = self.answers[key]
        answer = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        if not answer.pieces:
            return web.json_response(answer.body, status=answer.status, headers=answer.headers)
        response = web.StreamResponse(status=answer.status, headers={"Content-Type": "audio/mpeg"})
        await response.prepare(request)
        for piece in answer.pieces:
            await response.write(piece)
        if answer.breaks and request.transport is not None:
            request.transport.abort()
        return response
