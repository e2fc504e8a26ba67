"""Calling an app's server until a socket of the app arrives (lifecycle §4.3, §5, §8.3)."""

import asyncio
import math

from django.conf import settings

from sessions_app.app_runs.before_calling import is_still_ours, look_up
from sessions_app.app_runs.hosts import Turn
from sessions_app.app_runs.inspecting import note_call
from sessions_app.app_runs.pacing import (
    TRIAL_GAP_SECONDS,
    CircuitState,
    Occasion,
    counts_as_failure,
    points_left,
)
from sessions_app.app_runs.seat import AppSeat, Outcome, Surroundings
from sessions_app.app_runs.waiting import AS_LONG_AS_IT_TAKES, first_within, known_within
from sessions_app.app_runs.webhooks import HookAnswer
from sessions_app.clock import Clock
from sessions_app.errors import RefusedStart
from sessions_app.outbound import metrics
from sessions_app.protocol.base import message_type
from sessions_app.protocol.codec import iso
from sessions_app.protocol.webhooks import SessionRequest

START = message_type(SessionRequest)
LATE_SOCKET_SECONDS = 2.0
KNOWN_SECONDS = 0.5
# A server that accepted a call is not called again before its socket had this long; nor does an app whose last
# attempt waits for its turn give up before.
ACCEPTED_WITHOUT_SOCKET_SECONDS = 10.0


def websocket_url() -> str:
    """Return where an app finds its user: the socket address of this node, the session's owner."""
    address: str = settings.NODE_PUBLIC_URL
    return address.replace("http", "ws", 1) + "/app-ws"


async def call_until_attached(
    around: Surroundings,
    seat: AppSeat,
    points: tuple[float, ...],
    occasion: Occasion,
    *,
    known_at: float = -math.inf,
) -> HookAnswer | None:
    """Send the start webhook at each of `points` (seconds from now) until the seat's outcome is known.

    `known_at` (steady clock) is when the seat's facts were read; they are not read again for the same moment.
    Returns the last answer, or None when further calls are needless: a socket came, or another node has the session.
    An app that the user asks for meanwhile is called at once, as often as a host in trouble is tried. A call under way
    is never cut short: SDK 2 answers only after the developer's code ran, long after its socket arrived (P-22b).
    """
    clock, outcome = around.clock, seat.outcome
    began = clock.monotonic()
    answer: HookAnswer | None = None
    not_before = began
    attempts, attempt = len(points), 0
    while points:
        attempt += 1
        await _until_due(clock, seat, outcome, due=began + points[0], not_before=not_before)
        if outcome.done():
            return None
        is_known = clock.monotonic() - known_at <= KNOWN_SECONDS
        if not is_known and not await is_still_ours(around):
            return None
        refusal = "" if is_known else await look_up(around, seat)
        if refusal:
            return None if outcome.done() else HookAnswer(None, refusal, is_refusal=True)
        patience = _patience_for_turn(occasion, points[1:], clock.monotonic() - began)
        wished = seat.wish.done()
        turn = await _take_turn(around, seat, outcome, Occasion.USER_START if wished else occasion, patience)
        if turn is None and seat.wish.done() and not outcome.done():
            continue
        if turn is not None:
            answer = await _call(around, seat, outcome, turn, (attempt, max(attempt, attempts)))
        else:
            answer = _not_called(around, seat)
            note_call(around, seat, START, answer, at=clock.now(), attempt=attempt, attempts=attempts)
        if outcome.done() or answer is None:
            return None
        if answer.is_final or (turn is None and occasion is Occasion.RESTORE):
            break
        elapsed = clock.monotonic() - began
        not_before = clock.monotonic() + (ACCEPTED_WITHOUT_SOCKET_SECONDS if answer.ok else TRIAL_GAP_SECONDS)
        if wished:
            seat.wish = asyncio.get_running_loop().create_future()
            points = tuple(point for point in points if point > elapsed)
        else:
            points = points[1:]
        points = points_left(points, elapsed + _pause_after(answer))
    return answer


async def _until_due(clock: Clock, seat: AppSeat, outcome: Outcome, *, due: float, not_before: float) -> None:
    """Wait until a call is due by the schedule, or wished for and not made a moment ago."""
    await first_within(clock, (outcome, seat.wish), due - clock.monotonic())
    if not outcome.done():
        await known_within(clock, outcome, min(due, not_before) - clock.monotonic())


def _not_called(around: Surroundings, seat: AppSeat) -> HookAnswer:
    return HookAnswer(
        None, around.hosts.describe(seat.facts.public_url) or "its turn to be called did not come"
    )


def _pause_after(answer: HookAnswer) -> float:
    return ACCEPTED_WITHOUT_SOCKET_SECONDS if answer.ok else answer.retry_after_seconds or 0.0


async def _take_turn(
    around: Surroundings, seat: AppSeat, outcome: Outcome, occasion: Occasion, patience: float
) -> Turn | None:
    """Wait until the host can take the call; None when the app came by itself or the call is not to be made.

    After `patience` seconds the wait ends if the host does not answer; as it does, everybody's turn comes.
    """
    url = seat.facts.public_url
    admission = around.hosts.queue(url, occasion)
    turn: Turn | None = None
    try:
        came = await first_within(around.clock, (admission, outcome, seat.wish), patience)
        if not came and around.hosts.state_of(url) is CircuitState.CLOSED:
            await first_within(around.clock, (admission, outcome, seat.wish), AS_LONG_AS_IT_TAKES)
        if admission.done() and not outcome.done():
            turn = admission.result()
    finally:
        if turn is None:
            around.hosts.leave(url, admission)
    return turn


def _patience_for_turn(occasion: Occasion, later: tuple[float, ...], elapsed: float) -> float:
    """How long to wait for a turn: until the next point, when the server may be elsewhere.

    A start has its overall time-out, within which it keeps its place.
    """
    if occasion is Occasion.RESTORE:
        return AS_LONG_AS_IT_TAKES
    return later[0] - elapsed if later else ACCEPTED_WITHOUT_SOCKET_SECONDS


async def _call(
    around: Surroundings, seat: AppSeat, outcome: Outcome, turn: Turn, count: tuple[int, int]
) -> HookAnswer | None:
    """Return the server's answer, or None as soon as the seat's outcome is known."""
    answered: asyncio.Future[HookAnswer] = asyncio.get_running_loop().create_future()

    async def post() -> None:
        # The task begins a moment after the decision to call: a socket may have come in between.
        if outcome.done():
            return
        answer = await _post_start(around, seat, *count)
        if not counts_as_failure(answer.status):
            turn.answered()
        elif not outcome.done():
            turn.failed(str(answer), answer.retry_after_seconds)
        if not answered.done():
            answered.set_result(answer)

    around.spawn(post()).add_done_callback(lambda _: turn.end())
    await asyncio.wait((answered, outcome), return_when=asyncio.FIRST_COMPLETED)
    return None if outcome.done() else answered.result()


async def _post_start(around: Surroundings, seat: AppSeat, attempt: int, attempts: int) -> HookAnswer:
    began, at = around.clock.monotonic(), around.clock.now()
    answer = await around.servers.post(
        seat.facts.public_url,
        "/webhook",
        SessionRequest.to(
            websocket_url(),
            session_id=seat.app_session_id,
            user_id=around.ref.user_id,
            timestamp=iso(at),
        ),
        secrets=seat.facts.webhook_secrets,
        timeout_seconds=settings.WEBHOOK_TIMEOUT_SECONDS,
    )
    metrics.webhook_seconds.labels(START, "ok" if answer.ok else "failed").observe(
        around.clock.monotonic() - began
    )
    note_call(around, seat, START, answer, at=at, attempt=attempt, attempts=attempts)
    return answer


async def start_by_webhook(
    around: Surroundings, seat: AppSeat, points: tuple[float, ...], occasion: Occasion, known_at: float
) -> None:
    """Bring a `connecting` app up within the overall time-out; raises RefusedStart with the stage that failed."""
    overall = settings.APP_START_TIMEOUT_SECONDS
    began = around.clock.monotonic()
    try:
        async with asyncio.timeout(overall):
            answer = await call_until_attached(around, seat, points, occasion, known_at=known_at)
            if (
                answer is not None
                and not answer.ok
                and not await known_within(around.clock, seat.outcome, _patience(answer, overall))
            ):
                raise _failure(around, seat, str(answer))
            await asyncio.shield(seat.outcome)
    except TimeoutError:
        waited = around.clock.monotonic() - began
        stage, message = "TIMEOUT", f"The app did not connect within {waited:.0f} s"
        history = around.hosts.describe(seat.facts.public_url)
        message = f"{message}; {history}" if history else message
        if seat.refusal:
            stage, message = "AUTHENTICATION", seat.refusal
        raise RefusedStart(stage, message) from None


def _patience(answer: HookAnswer, overall: float) -> float:
    """How long a socket may still arrive although the webhook failed: a time-out says little, a refusal much."""
    if answer.status is None:
        return overall if answer.timed_out else 0.0
    return 0.0 if answer.is_final else LATE_SOCKET_SECONDS


def _failure(around: Surroundings, seat: AppSeat, problem: str) -> RefusedStart:
    if seat.refusal:
        return RefusedStart("AUTHENTICATION", seat.refusal)
    url = seat.facts.public_url
    history = around.hosts.describe(url)
    message = f"{url}/webhook: {problem}"
    return RefusedStart("WEBHOOK", message if not history or history in message else f"{message}; {history}")
