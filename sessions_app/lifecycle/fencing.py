"""Finding out that a session went to another node although nobody told this one (architecture §2).

The generation keeps the rows safe from an owner that was replaced; this keeps phones and apps safe from it. A node
that was frozen asks the database before anything it still has to do can happen.
"""

import asyncio
import logging
import time

from django.conf import settings

from sessions_app.database import DATABASE_AWAY, at_once, in_database
from sessions_app.lifecycle import residents
from sessions_app.lifecycle.leaving import leave
from sessions_app.selectors import list_owned_elsewhere

logger = logging.getLogger(__name__)

TICK_SECONDS = 0.25
ASLEEP_SECONDS = 1.0
ANSWER_SECONDS = 2.0


async def leave_lost_sessions() -> None:
    """Let go of sessions that belong to another node by now."""
    here = _here()
    if here:
        _leave(await in_database(list_owned_elsewhere, here, settings.NODE_ID))


def _here() -> list[str]:
    return [runtime.ref.session_id for runtime in residents.residents()]


def _leave(lost: list[str]) -> None:
    for session_id in lost:
        runtime = residents.find(session_id)
        if runtime is not None:
            leave(runtime)


class SleepWatch:
    """Notices that this process stood still for a second or more, and fences it before it goes on.

    Timers that are due run before what sockets received meanwhile is handled, so nothing gets past the fence.
    """

    def __init__(self) -> None:
        self._timer: asyncio.TimerHandle | None = None
        self._due_at = 0.0

    def start(self) -> None:
        """Watch the running loop until `stop`."""
        self._due_at = time.monotonic() + TICK_SECONDS
        self._timer = asyncio.get_running_loop().call_later(TICK_SECONDS, self._tick)

    def stop(self) -> None:
        """Watch no longer."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _tick(self) -> None:
        late = time.monotonic() - self._due_at
        if late >= ASLEEP_SECONDS:
            self.woke_up(late)
        self.start()

    def woke_up(self, asleep_seconds: float) -> None:
        """Let go of what other nodes took over meanwhile; the loop stands still until the database has answered."""
        here = _here()
        if not here:
            return
        try:
            lost = at_once(list_owned_elsewhere, here, settings.NODE_ID, timeout_seconds=ANSWER_SECONDS)
        except (TimeoutError, *DATABASE_AWAY):
            logger.warning(
                "After standing still for %.1f s the owner of sessions is uncertain", asleep_seconds
            )
            return
        if lost:
            logger.warning("%d sessions were lost in %.1f s of standing still", len(lost), asleep_seconds)
        _leave(lost)
