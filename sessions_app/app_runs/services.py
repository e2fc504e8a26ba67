"""Writes the rows of app runs. Every write of an owner is fenced by the generation in its SessionRef.

The generation is read when the write is carried out, not when it was queued: a reconnect in between is ours.
"""

import logging
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, QuerySet

from apps_registry.rules import FAILED_DAYS_TO_RETIREMENT
from apps_registry.services import mark_running, note_failed_start
from prepared_queries import PreparedUpdate, blank_of, insert_rows, put_row
from sessions_app.app_runs.rules import RunEvent, next_run_state
from sessions_app.errors import RuntimeFault
from sessions_app.models import AppRun, SessionTransition
from sessions_app.selectors import owned_session, require_ownership
from sessions_app.states import RunState, SessionRef

logger = logging.getLogger(__name__)


def record_move(
    *,
    ref: SessionRef,
    package_name: str,
    before: RunState | None,
    after: RunState,
    cause: RunEvent,
    detail: str,
    changes: dict[str, Any],
    now: datetime,
) -> None:
    """Store a move of an app's state machine with the columns that change with it, and its transition row.

    Raises OwnershipLost when the session has another owner by now.
    """
    columns = {"state": after, **changes}
    ends = after is RunState.STOPPED and before not in (None, RunState.STOPPED)
    with transaction.atomic():
        # An app that is just started has no row yet, or one of its last run.
        if before is None or not _change(ref, package_name, columns, keep_stopped=ends):
            require_ownership(ref)
            if ends and _is_stopped(ref, package_name):
                return  # a disposal that did not wait for the owner has ended the run
            run = {"session": ref.session_id, "package_name": package_name}
            put_row(AppRun, tuple(run), {**run, **columns})
        transition = {
            "session": ref.session_id,
            "package_name": package_name,
            "from_state": before or "",
            "to_state": after,
            "cause": cause,
            "detail": detail[:300],
            "at": now,
        }
        insert_rows(SessionTransition, [transition])


def record_changes(*, ref: SessionRef, package_name: str, changes: dict[str, Any]) -> None:
    """Store columns of a run that change without a move of its state machine, such as subscriptions.

    Raises OwnershipLost when the session has another owner by now, RuntimeFault when the app has no run.
    """
    with transaction.atomic():
        if not _change(ref, package_name, changes):
            require_ownership(ref)
            raise RuntimeFault(f"{package_name} has no run in session {ref.session_id}")


def retire_app(*, ref: SessionRef, package_name: str, why: str, now: datetime) -> None:
    """Take an app that may not run off the list of those that come back, with a row of history that says why.

    Raises OwnershipLost when the session has another owner by now.
    """
    with transaction.atomic():
        _record_retirement(ref, package_name, None, why, now)
        mark_running(ref.user_pk, package_name, False)


def note_failed_restore(*, ref: SessionRef, package_name: str, why: str, now: datetime) -> None:
    """Count a day on which an app of the last session did not start; the last of several takes it off the list.

    Raises OwnershipLost when the session has another owner by now.
    """
    with transaction.atomic():
        require_ownership(ref)
        if note_failed_start(ref.user_pk, package_name, now.date()):
            why = f"not started on {FAILED_DAYS_TO_RETIREMENT} days; {why}"
            _record_retirement(ref, package_name, RunState.STOPPED, why, now)


def _record_retirement(
    ref: SessionRef, package_name: str, before: RunState | None, why: str, now: datetime
) -> None:
    record_move(
        ref=ref,
        package_name=package_name,
        before=before,
        after=next_run_state(before, RunEvent.RETIRED),
        cause=RunEvent.RETIRED,
        detail=why,
        changes={"stopped_at": now, "stop_reason": RunEvent.RETIRED},
        now=now,
    )
    logger.info("%s %s does not come back by itself any more: %s", ref.user_id, package_name, why)


def confirm_ownership(*, ref: SessionRef) -> None:
    """Change nothing; raise OwnershipLost when the session has another owner by now."""
    with transaction.atomic():
        require_ownership(ref)


def end_runs(*, session_id: str, reason: str, now: datetime) -> list[str]:
    """Mark every run of a session that is being disposed as stopped; return those that were not yet."""
    with transaction.atomic():
        unfinished = AppRun.objects.filter(session__pk=session_id).exclude(state=RunState.STOPPED)
        runs = list(unfinished.select_for_update())
        SessionTransition.objects.bulk_create(
            SessionTransition(
                session_id=session_id,
                package_name=run.package_name,
                from_state=run.state,
                to_state=next_run_state(RunState(run.state), RunEvent.SESSION_DISPOSED),
                cause=RunEvent.SESSION_DISPOSED,
                detail=reason[:300],
                at=now,
            )
            for run in runs
        )
        AppRun.objects.filter(pk__in=[run.pk for run in runs]).update(
            state=RunState.STOPPED, stopped_at=now, resume_before=None, stop_reason=reason[:50]
        )
    return [run.package_name for run in runs]


def _own_run() -> QuerySet[AppRun]:
    runs = AppRun.objects.filter(
        session=blank_of(AppRun, "session"), package_name=blank_of(AppRun, "package_name")
    )
    return runs.filter(Exists(owned_session()))


_OWN_RUN = PreparedUpdate(_own_run)


_UNSTOPPED_RUN = PreparedUpdate(lambda: _own_run().exclude(state=RunState.STOPPED))


def _change(
    ref: SessionRef, package_name: str, columns: dict[str, Any], *, keep_stopped: bool = False
) -> int:
    """Change the run's row; with `keep_stopped` only one that is not stopped. Returns 1, or 0 for no such row."""
    update = _UNSTOPPED_RUN if keep_stopped else _OWN_RUN
    return update(columns, session=ref.session_id, generation=ref.generation, package_name=package_name)


def _is_stopped(ref: SessionRef, package_name: str) -> bool:
    runs = AppRun.objects.filter(session__pk=ref.session_id, package_name=package_name)
    return runs.filter(state=RunState.STOPPED).exists()
