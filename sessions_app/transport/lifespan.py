"""The life of a node: joining the cloud, showing that it lives, and leaving without losing anybody's session."""

import asyncio
import contextlib
import gc
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from django.conf import settings

from sessions_app.audio.udp_port import udp_port
from sessions_app.clock import SystemClock
from sessions_app.database import DATABASE_AWAY, in_database
from sessions_app.errors import OwnerUnreachable
from sessions_app.handlers.profile_changes import follow_profiles
from sessions_app.lifecycle import leaving, peers, residents
from sessions_app.lifecycle.building import app_servers
from sessions_app.lifecycle.draining import hand_over
from sessions_app.lifecycle.errands import errands
from sessions_app.lifecycle.fencing import SleepWatch, leave_lost_sessions
from sessions_app.lifecycle.liveness import lose_absent_phones, revive_sessions, touch_sessions
from sessions_app.lifecycle.reconciling import keep_counts, remember_anew, renew_memory
from sessions_app.outbound import metrics, owner
from sessions_app.outbound.announcing import CLOSING
from sessions_app.outbound.commands import EndSession
from sessions_app.outbound.naming import require_free_name
from sessions_app.outbound.node_wire import flush_wires
from sessions_app.outbound.ownership import register
from sessions_app.selectors import list_ended
from sessions_app.speech.node.workers import speech_workers
from sessions_app.transport import app_sockets, following
from sessions_app.transport.key_watch import close_sockets_of_refused_keys
from sessions_app.transport.state import node_state

logger = logging.getLogger(__name__)

LONGEST_BEAT_SECONDS = 5.0
BEATS_PER_TOUCH = 2
TOUCHES_BEFORE_LOST = 3
FAREWELL_SECONDS = 1.0
SHOWING_SECONDS = 0.3

_heart: asyncio.Task[None] | None = None
_sleep_watch = SleepWatch()


async def start_node() -> None:
    """Take commands for this node and begin to show that it lives. Calling it again changes nothing.

    Raises NodeIdTaken when another living process goes by its name.
    """
    global _heart  # noqa: PLW0603
    if node_state.started:
        return
    await require_free_name(settings.NODE_ID)
    node_state.started = True
    leaving.followers[:] = [following.follow]
    _sleep_watch.start()
    if settings.UDP_HOST:
        await udp_port.open(settings.UDP_BIND_HOST, settings.UDP_PORT)
    await _listen()
    _heart = asyncio.create_task(_beat())


async def drain_node() -> None:
    """Refuse new sockets, hand every session over and leave the register; ends within a few seconds."""
    node_state.draining = True
    _sleep_watch.stop()
    if _heart is not None:
        _heart.cancel()
        await asyncio.wait((_heart,))
    await _show_draining()
    await hand_over(list(residents.residents()))
    udp_port.close()
    await speech_workers.close()
    await errands.finish(FAREWELL_SECONDS)
    app_sockets.send_everybody_away()
    await flush_wires(FAREWELL_SECONDS)
    await owner.stop_listening()
    await app_servers.close()
    await register.leave()


async def _show_draining() -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(SHOWING_SECONDS):
            await register.enter(owner.owned_count(), draining=True)


def _take_closing(_: dict[str, Any]) -> None:
    node_state.draining = True


async def _listen() -> None:
    """Open the inbox; with Redis away the node serves its own sessions and tries again at each beat."""
    try:
        await owner.listen(settings.NODE_ID, following.RECEIVERS | peers.RECEIVERS | {CLOSING: _take_closing})
    except OwnerUnreachable as error:
        logger.warning("This node cannot be reached by others yet: %s", error)


async def _beat() -> None:
    """Show Redis and the database that this node lives; a part that hangs does not keep the other waiting."""
    steps = (
        _repeat(_register, 1),
        _repeat(_touch, BEATS_PER_TOUCH),
        _repeat(_compare, 1),
        _repeat(close_sockets_of_refused_keys, 1),
        _repeat(follow_profiles, 1),
        _repeat(speech_workers.refresh, 1),
        _repeat(_tidy, 1),
    )
    await asyncio.gather(*steps)


async def _repeat(step: Callable[[], Awaitable[None]], beats: int) -> None:
    """Take a step every so many beats; one that found the database away is taken again at the next beat."""
    while True:
        pause = beats * beat_seconds()
        try:
            await step()
        except DATABASE_AWAY:
            pause = beat_seconds()
        except Exception:
            logger.exception("A heartbeat of this node failed")
        await asyncio.sleep(pause)


def beat_seconds() -> float:
    """Return the pause between two heartbeats: three touches must fit into the time after which a node is lost."""
    shortest: float = settings.NODE_LOST_SECONDS / (TOUCHES_BEFORE_LOST * BEATS_PER_TOUCH)
    return min(LONGEST_BEAT_SECONDS, shortest)


async def _register() -> None:
    if not owner.is_listening():
        await _listen()
    if await register.enter(owner.owned_count(), draining=node_state.draining):
        for runtime in residents.residents():
            remember_anew(runtime)
    app_sockets.lose_guests_of_lost_nodes()


async def _compare() -> None:
    """Find what changed its owner without this node having heard of it."""
    await leave_lost_sessions()
    await following.check_seats()


async def _touch() -> None:
    """Refresh the rows of this node's sessions, and set right those that say the wrong thing about their phone."""
    now = SystemClock().now()
    touched = await in_database(touch_sessions, node_id=settings.NODE_ID, now=now)
    here = {
        runtime.ref.session_id: runtime.ref.generation
        for runtime in residents.residents()
        if runtime.phone.is_open
    }
    if here:
        await in_database(revive_sessions, node_id=settings.NODE_ID, generations=here, now=now)
    if touched != len(here):
        grace = settings.SESSION_GRACE_SECONDS
        await in_database(
            lose_absent_phones, node_id=settings.NODE_ID, generations=here, grace_seconds=grace, now=now
        )
    for runtime in residents.residents():
        keep_counts(runtime)
        renew_memory(runtime)
    await _end_what_is_over()


async def _tidy() -> None:
    """Free what ended sessions left behind in reference cycles, at a moment when no frame has to wait for it."""
    idle = not any(metrics.open_sockets.values()) and not owner.owned_count()
    if idle and metrics.anything_alive():
        gc.collect()


async def _end_what_is_over() -> None:
    """End the hot state of sessions that were disposed while this node could not be reached."""
    for session_id in await in_database(list_ended, owner.owned_sessions()):
        with contextlib.suppress(OwnerUnreachable):
            await owner.ask(session_id, EndSession("disposed without its owner"))
