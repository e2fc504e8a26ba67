"""What the developer of an app sees of its calls and its socket (the room `inspection` keeps it)."""

from datetime import datetime

from sessions_app.app_runs.seat import AppSeat, Surroundings
from sessions_app.app_runs.webhooks import HookAnswer
from sessions_app.inspection.entries import CallEntry, Whose
from sessions_app.inspection.problems import CallProblem, problem_of_status
from sessions_app.inspection.recorder import Tap
from sessions_app.outbound.guard import Failure


def record(around: Surroundings, seat: AppSeat, *, is_recorded: bool) -> None:
    """Begin or end to note what passes between an app and this cloud in this session."""
    seat.tap = None
    if is_recorded:
        owner = Whose(seat.facts.app_id, around.ref.user_pk, around.ref.session_id)
        seat.tap = Tap(owner, around.recorder)
    if seat.link is not None:
        seat.link.tap = seat.tap


def note_call(
    around: Surroundings,
    seat: AppSeat,
    kind: str,
    answer: HookAnswer,
    *,
    at: datetime,
    attempt: int = 1,
    attempts: int = 1,
) -> None:
    """Note a call of an app's server that ended, or one that was due and not made."""
    owner = seat.tap.whose if seat.tap is not None else None
    entry = call_entry(seat.facts.app_id, owner, kind, answer, at=at, attempt=attempt, attempts=attempts)
    around.recorder.note_call(entry)


def call_entry(
    app_id: int,
    owner: Whose | None,
    kind: str,
    answer: HookAnswer,
    *,
    at: datetime,
    attempt: int = 1,
    attempts: int = 1,
    again_of: int | None = None,
) -> CallEntry:
    """Return what is noted of a call; `owner` is None when it concerns a stranger."""
    return CallEntry(
        app_id=app_id,
        whose=owner,
        kind=kind,
        at=at,
        status=answer.status,
        problem=_problem(answer),
        detail=answer.problem,
        exchange=answer.exchange,
        attempt=attempt,
        attempts=attempts,
        again_of=again_of,
    )


_FAILURES = {
    Failure.BAD_URL: CallProblem.BAD_ADDRESS,
    Failure.PRIVATE_ADDRESS: CallProblem.PRIVATE_ADDRESS,
    Failure.UNKNOWN_HOST: CallProblem.UNKNOWN_HOST,
    Failure.NOBODY_LISTENS: CallProblem.NOBODY_LISTENS,
    Failure.TLS_FAILED: CallProblem.TLS_FAILED,
    Failure.TIMED_OUT: CallProblem.TIMED_OUT,
    Failure.BROKEN_ANSWER: CallProblem.BROKEN_ANSWER,
}


def _problem(answer: HookAnswer) -> str:
    if answer.status is not None:
        return problem_of_status(answer.status) or ""
    if answer.failure is not None:
        return _FAILURES[answer.failure]
    return CallProblem.MAY_NOT_RUN if answer.is_refusal else CallProblem.HELD_BACK
