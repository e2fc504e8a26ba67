"""Handing the sessions of a node over when it shuts down (lifecycle §2, last paragraph; §8.7)."""

import asyncio
import logging

from sessions_app.lifecycle import residents
from sessions_app.lifecycle.opening import phone_gone
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.outbound import owner
from sessions_app.protocol.codes import CloseCode, CloseReason

logger = logging.getLogger(__name__)

BUDGET_SECONDS = 5.0


async def hand_over() -> None:
    """Store what is hot, give every session its grace period and close its sockets 1001.

    Apps are told nothing else: an `app_stopped` would make SDK 3 give up for good.
    """
    runtimes = list(residents.residents())
    if not runtimes:
        return
    try:
        async with asyncio.timeout(BUDGET_SECONDS):
            await asyncio.gather(*(_hand_over(runtime) for runtime in runtimes), return_exceptions=True)
    except TimeoutError:
        logger.warning("Not every session could be handed over in %g s; the rows decide", BUDGET_SECONDS)


async def _hand_over(runtime: SessionRuntime) -> None:
    link = runtime.phone.link
    if link is not None:
        link.close(CloseCode.GOING_AWAY, CloseReason.SERVER_SHUTTING_DOWN)
        phone_gone(runtime, link.connection, "the node shut down")
    for seat in runtime.apps:
        if seat.link is not None:
            seat.link.close(CloseCode.GOING_AWAY, CloseReason.SERVER_SHUTTING_DOWN)
            runtime.apps.detach(seat.package_name, seat.link.connection, "the node shut down")
    await runtime.keep_snapshot()
    residents.release(runtime)
    owner.disown(runtime.ref.session_id)
    runtime.close()
    await runtime.upkeep.close()
