"""Start and drain of the node in this process, each exactly once, whichever server or event asks first."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from mentra_site.loop_lag import LoopLagMonitor
from sessions_app.errors import NodeIdTaken

logger = logging.getLogger(__name__)

Step = Callable[[], Awaitable[None]]


class NodeLifespan:
    """Whether this node is not yet started, serving or draining."""

    def __init__(self, start_node: Step, drain_node: Step, lag: LoopLagMonitor) -> None:
        self._start_node = start_node
        self._drain_node = drain_node
        self._lag = lag
        self._starting: asyncio.Task[None] | None = None
        self._draining: asyncio.Task[None] | None = None
        self._started_at = time.monotonic()
        self.is_started = False

    @property
    def is_draining(self) -> bool:
        return self._draining is not None

    @property
    def uptime_seconds(self) -> float:
        return time.monotonic() - self._started_at

    async def start(self) -> None:
        """Return once the node may take connections."""
        if self.is_started:
            return
        if self._starting is None:
            self._starting = asyncio.create_task(self._start())
        await asyncio.shield(self._starting)

    async def drain(self) -> None:
        """Return once the node has handed its sessions over; does nothing for a node that never started."""
        if not self.is_started:
            return
        if self._draining is None:
            self._draining = asyncio.create_task(self._drain())
        await asyncio.shield(self._draining)

    async def serve_events(
        self, receive: Callable[[], Awaitable[dict[str, Any]]], send: Callable[..., Any]
    ) -> None:
        """Speak ASGI's lifespan protocol."""
        await receive()
        try:
            await self.start()
        except NodeIdTaken as refusal:
            await send({"type": "lifespan.startup.failed", "message": str(refusal)})
            return
        except Exception as error:
            logger.exception("The node cannot start.")
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.drain()
        await send({"type": "lifespan.shutdown.complete"})

    async def _start(self) -> None:
        await self._start_node()
        self._lag.start()
        self.is_started = True

    async def _drain(self) -> None:
        self._lag.stop()
        await self._drain_node()
