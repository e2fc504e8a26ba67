"""One move of an app's state machine: hot state, row, history and log, always together."""

import logging
from typing import Any

from sessions_app.app_runs.rules import RunEvent, next_run_state
from sessions_app.app_runs.seat import AppSeat, Surroundings
from sessions_app.app_runs.services import record_changes, record_move
from sessions_app.states import RunState

logger = logging.getLogger(__name__)


def move(around: Surroundings, seat: AppSeat, event: RunEvent, detail: str = "", **changes: Any) -> RunState:
    """Carry out a legal move and have it stored with `changes` (columns of AppRun); raises IllegalRunTransition."""
    before = seat.state
    after = next_run_state(before, event)
    seat.state = after
    around.journal.write(
        record_move,
        ref=around.ref,
        package_name=seat.package_name,
        before=before,
        after=after,
        cause=event,
        detail=detail,
        changes=changes,
        now=around.clock.now(),
    )
    logger.info(
        "%s %s: %s -> %s (%s%s)",
        around.ref.user_id,
        seat.package_name,
        before,
        after,
        event,
        f": {detail}" if detail else "",
    )
    return after


def keep(around: Surroundings, seat: AppSeat, **changes: Any) -> None:
    """Have columns stored that change without a move; of several changes in a row the last one counts."""
    around.journal.write_newest(
        (seat.package_name, *sorted(changes)),
        record_changes,
        ref=around.ref,
        package_name=seat.package_name,
        changes=changes,
    )
