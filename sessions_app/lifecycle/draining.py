"""Handing the sessions of a node over when it shuts down (lifecycle §2, last paragraph; §8.7).

Peers are told last: when a socket closes, any node may already take the session over and finds all of it.
Apps are told nothing but the close: an `app_stopped` would make SDK 3 give up for good.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sessions_app.lifecycle import residents
from sessions_app.lifecycle.leaving import pack
from sessions_app.lifecycle.opening import phone_gone
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.lifecycle.services import release_session
from sessions_app.outbound import owner
from sessions_app.outbound.commands import Handed
from sessions_app.outbound.link import Link
from sessions_app.outbound.snapshot import keep_last
from sessions_app.protocol.codes import CloseCode, CloseReason

logger = logging.getLogger(__name__)

BUDGET_SECONDS = 5.0
CAUSE = "the node shut down"


@dataclass(frozen=True, slots=True)
class _Departure:
    """What is left of a session whose hot state ended: rows being written, what no row holds, sockets still open."""

    runtime: SessionRuntime
    handed: Handed
    links: list[Link]

    @property
    def last_state(self) -> dict[str, Any]:
        """The session's snapshot, and what no other snapshot has: texts held for apps, sound on its way."""
        return {**self.handed.snapshot, "held": self.handed.held, "sounds": self.handed.sounds}


async def hand_over(runtimes: Sequence[SessionRuntime]) -> None:
    """Store what is hot, start the grace periods, free the sessions for any node, then close their sockets 1001."""
    departures = [_part_from(runtime) for runtime in runtimes]
    try:
        async with asyncio.timeout(BUDGET_SECONDS):
            await keep_last({each.runtime.ref.session_id: each.last_state for each in departures})
            await asyncio.gather(*map(_finish, departures), return_exceptions=True)
    except TimeoutError:
        logger.warning("Not every session could be handed over in %g s; the rows decide", BUDGET_SECONDS)
    finally:
        for departure in departures:
            _close(departure)


def _part_from(runtime: SessionRuntime) -> _Departure:
    """End the hot state in one go, so that nothing can change any more what is stored of it."""
    links: list[Link] = []
    phone = runtime.phone.link
    if phone is not None:
        links.append(phone)
        phone_gone(runtime, phone.connection, CAUSE)
    runtime.requests.give_up()
    handed = pack(runtime)
    links += runtime.apps.send_away(CAUSE)
    runtime.upkeep.journal.write(release_session, ref=runtime.ref)
    residents.release(runtime)
    owner.disown(runtime.ref.session_id)
    runtime.close()
    return _Departure(runtime, handed, links)


async def _finish(departure: _Departure) -> None:
    await departure.runtime.upkeep.close()
    _close(departure)


def _close(departure: _Departure) -> None:
    for link in departure.links:
        link.close(CloseCode.GOING_AWAY, CloseReason.SERVER_SHUTTING_DOWN)
