"""Writes the rows of app runs. Every write of an owner is fenced by the generation in its SessionRef.

The generation is read when the write is carried out, not when it was queued: a reconnect in between is ours.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, QuerySet

from prepared_queries import PreparedUpdate, blank_of, insert_rows, put_row
from sessions_app.app_runs.rules import RunEvent, next_run_state
from sessions_app.errors import RuntimeFault
from sessions_app.models import AppRun, SessionTransition
from sessions_app.selectors import owned_session, require_ownership
from sessions_app.states import RunState, SessionRef


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
    with transaction.atomic():
        # An app that is just started has no row yet, or one of its last run.
        if before is None or not _change(ref, package_name, columns):
            require_ownership(ref)
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


def _change(ref: SessionRef, package_name: str, columns: dict[str, Any]) -> int:
    return _OWN_RUN(columns, session=ref.session_id, generation=ref.generation, package_name=package_name)
