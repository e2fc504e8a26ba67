"""Calling an app's server until a socket of the app arrives (lifecycle §4.3, §5, §8.3)."""

import asyncio
import random
from typing import Any

from django.conf import settings

from sessions_app.app_runs.rules import jittered
from sessions_app.app_runs.seat import AppSeat, Surroundings
from sessions_app.app_runs.webhooks import HookAnswer
from sessions_app.errors import RefusedStart
from sessions_app.outbound import metrics
from sessions_app.protocol.codec import iso
from sessions_app.protocol.webhooks import SessionRequest, SettingsPush

LATE_SOCKET_SECONDS = 2.0
SETTINGS_TIMEOUT_SECONDS = 5.0


def websocket_url() -> str:
    """Return where an app finds its user: the socket address of this node, the session's owner."""
    address: str = settings.NODE_PUBLIC_URL
    return address.replace("http", "ws", 1) + "/app-ws"


async def call_until_attached(
    around: Surroundings, seat: AppSeat, delays: tuple[float, ...], *, jitter: bool
) -> HookAnswer | None:
    """Send the start webhook at each of `delays` (seconds from now) until the seat's outcome is known.

    Returns the last answer, or None when a socket made further calls needless. A call under way is never cut
    short: SDK 2 answers only after the developer's code ran, long after its socket arrived (P-22b).
    """
    began = around.clock.monotonic()
    answer: HookAnswer | None = None
    for delay in delays:
        due = began + (jittered(delay, random.random()) if jitter else delay)  # noqa: S311 - spreads load only
        if answer is not None and answer.retry_after_seconds:
            due = max(due, around.clock.monotonic() + min(answer.retry_after_seconds, delays[-1]))
        if await _known_within(seat, due - around.clock.monotonic()):
            return None
        answer = await _call(around, seat)
        if answer is None:
            return None
        if answer.is_final:
            break
    return answer


async def _call(around: Surroundings, seat: AppSeat) -> HookAnswer | None:
    """Return the server's answer, or None as soon as the seat's outcome is known."""
    answered: asyncio.Future[HookAnswer] = asyncio.get_running_loop().create_future()

    async def post() -> None:
        began = around.clock.monotonic()
        answer = await around.servers.post(
            seat.facts.public_url,
            "/webhook",
            SessionRequest.to(
                websocket_url(),
                session_id=seat.app_session_id,
                user_id=around.ref.user_id,
                timestamp=iso(around.clock.now()),
            ),
            secret=seat.facts.webhook_secret,
            timeout_seconds=settings.WEBHOOK_TIMEOUT_SECONDS,
        )
        metrics.webhook_seconds.labels("session_request", "ok" if answer.ok else "failed").observe(
            around.clock.monotonic() - began
        )
        if not answered.done():
            answered.set_result(answer)

    around.spawn(post())
    await asyncio.wait((answered, seat.outcome), return_when=asyncio.FIRST_COMPLETED)
    return None if seat.outcome.done() else answered.result()


async def _known_within(seat: AppSeat, seconds: float) -> bool:
    if seconds > 0 and not seat.outcome.done():
        await asyncio.wait((seat.outcome,), timeout=seconds)
    return seat.outcome.done()


async def start_by_webhook(
    around: Surroundings, seat: AppSeat, first_delay: float, delays: tuple[float, ...]
) -> None:
    """Bring a `connecting` app up within the overall time-out; raises RefusedStart with the stage that failed."""
    overall = settings.APP_START_TIMEOUT_SECONDS
    began = around.clock.monotonic()
    try:
        async with asyncio.timeout(overall):
            answer = await call_until_attached(
                around, seat, tuple(first_delay + delay for delay in delays), jitter=False
            )
            if (
                answer is not None
                and not answer.ok
                and not await _known_within(seat, _patience(answer, overall))
            ):
                raise _failure(seat, answer)
            await asyncio.shield(seat.outcome)
    except TimeoutError:
        waited = around.clock.monotonic() - began
        stage, message = "TIMEOUT", f"The app did not connect within {waited:.0f} s"
        if seat.refusal:
            stage, message = "AUTHENTICATION", seat.refusal
        raise RefusedStart(stage, message) from None


def _patience(answer: HookAnswer, overall: float) -> float:
    """How long a socket may still arrive although the webhook failed: a time-out says little, a refusal much."""
    if answer.status is None:
        return overall if answer.timed_out else 0.0
    return 0.0 if answer.is_final else LATE_SOCKET_SECONDS


def _failure(seat: AppSeat, answer: HookAnswer) -> RefusedStart:
    if seat.refusal:
        return RefusedStart("AUTHENTICATION", seat.refusal)
    return RefusedStart("WEBHOOK", f"{seat.facts.public_url}/webhook: {answer}")


async def post_settings(around: Surroundings, seat: AppSeat, values: list[dict[str, Any]]) -> None:
    """Tell an app's server the user's values, once (lifecycle §4.4); a server without that path is no failure."""
    await around.servers.post(
        seat.facts.public_url,
        "/settings",
        SettingsPush(user_id_for_settings=around.ref.user_id, settings=values),
        secret=seat.facts.webhook_secret,
        timeout_seconds=SETTINGS_TIMEOUT_SECONDS,
    )
