"""Two runs of one app in a row: the goodbye of the last session must not reach the app after the start of the next.

Both runs have the same app session id ("<userId>-<packageName>"), so an SDK would end the new one. A session is fresh
as soon as the last one is DISPOSING; its apps start when those of the last one were told. Rows decide, since the two
sessions may be ended and begun by different processes: a run stays unfinished until its goodbye is over.
"""

import asyncio
import logging
from collections.abc import Collection
from datetime import datetime

from django.db import DatabaseError

from sessions_app.app_runs.rules import LONGEST_GOODBYE_SECONDS, goodbye_comes_in_time
from sessions_app.app_runs.seat import AppSeat, Surroundings
from sessions_app.database import in_database
from sessions_app.selectors import has_run_in_disposal, list_ended, list_later_runs
from sessions_app.states import RunState

logger = logging.getLogger(__name__)

LOOK_AGAIN_SECONDS = 0.1


async def until_predecessor_is_told(around: Surroundings, seat: AppSeat) -> None:
    """Wait until the run of this app in the last session is over, but not longer than a goodbye may take.

    Ends at once when a socket arrived meanwhile or the start was called off.
    """
    deadline = around.clock.monotonic() + LONGEST_GOODBYE_SECONDS
    while not seat.outcome.done() and around.clock.monotonic() < deadline:
        if not await _predecessor_is_ending(around, seat):
            return
        await asyncio.wait((seat.outcome,), timeout=LOOK_AGAIN_SECONDS)


async def _predecessor_is_ending(around: Surroundings, seat: AppSeat) -> bool:
    try:
        return await in_database(has_run_in_disposal, around.ref.user_pk, seat.package_name)
    except DatabaseError as problem:
        logger.warning("%s %s starts unasked: %s", around.ref.user_id, seat.package_name, problem)
        return False


async def goodbye_is_due(around: Surroundings, seat: AppSeat) -> bool:
    """Say whether this app's server is still to be told that the session ended."""
    try:
        due = await in_database(
            find_due_goodbyes, around.ref.session_id, [seat.package_name], around.clock.now()
        )
    except DatabaseError as problem:
        logger.warning("%s %s is told of its end unasked: %s", around.ref.user_id, seat.package_name, problem)
        return True
    return bool(due)


def find_due_goodbyes(session_id: str, packages: Collection[str], now: datetime) -> set[str]:
    """Return those of the apps that may be told now that the session ended; none when others ended it already."""
    if list_ended([session_id]):
        return set()
    too_late = {
        run.package_name
        for run in list_later_runs(session_id)
        if not goodbye_comes_in_time(RunState(run.state), run.started_at, now)
    }
    for package_name in too_late.intersection(packages):
        logger.info("%s is not told of the end of %s: its next run began", package_name, session_id)
    return set(packages) - too_late
