"""Waiting by a session's own clock, so that a test can let a minute pass without one."""

import asyncio
from typing import Any

from sessions_app.clock import Clock

AS_LONG_AS_IT_TAKES = float("inf")


async def first_within(clock: Clock, awaited: tuple[asyncio.Future[Any], ...], seconds: float) -> bool:
    """Wait until one of the futures is done, at most `seconds`; say whether one is."""
    if seconds > 0 and not any(future.done() for future in awaited):
        passed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def ring() -> None:
            if not passed.done():
                passed.set_result(None)

        timer = clock.call_later(seconds, ring) if seconds != AS_LONG_AS_IT_TAKES else None
        try:
            await asyncio.wait((*awaited, passed), return_when=asyncio.FIRST_COMPLETED)
        finally:
            if timer is not None:
                timer.cancel()
    return any(future.done() for future in awaited)


async def known_within(clock: Clock, outcome: asyncio.Future[None], seconds: float) -> bool:
    """Wait until an app's outcome is known, at most `seconds`; say whether it is."""
    return await first_within(clock, (outcome,), seconds)
