"""Whether something keeps the event loop of the worker from its work: sound of every session waits for it then."""

import asyncio
import logging

logger = logging.getLogger(__name__)

TICK_SECONDS = 0.1
# From this on nodes come close to taking the worker for dead.
SAID_SECONDS = 0.5


async def watch_lateness() -> None:
    """Say in the log when the loop stood still, until cancelled."""
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + TICK_SECONDS
        await asyncio.sleep(TICK_SECONDS)
        late = loop.time() - due
        if late > SAID_SECONDS:
            logger.warning("The event loop of the speech worker stood still for %.1f s.", late)
