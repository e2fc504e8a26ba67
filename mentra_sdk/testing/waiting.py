"""Waiting until something is so, without sleeping. Knows nothing of apps or glasses."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE_SECONDS = 5.0


class Changes:
    """Wakes those who wait each time something changed."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Event] = set()

    def tell(self) -> None:
        """Let everybody who waits look again."""
        for event in self._waiting:
            event.set()

    async def until(self, find: Callable[[], T | None], otherwise: Callable[[], str], seconds: float) -> T:
        """Return what `find` finds as soon as it finds anything; AssertionError with `otherwise` when it does not."""
        changed = asyncio.Event()
        self._waiting.add(changed)
        try:
            async with asyncio.timeout(seconds):
                while (found := find()) is None:
                    changed.clear()
                    await changed.wait()
                return found
        except TimeoutError:
            raise AssertionError(otherwise()) from None
        finally:
            self._waiting.discard(changed)
