"""Stopping an app so that each SDK reports the right reason exactly once (lifecycle §6, README decision 19)."""

import asyncio

from apps_registry.services import mark_running
from sessions_app.app_runs.moves import move
from sessions_app.app_runs.rules import RunEvent
from sessions_app.app_runs.seat import AppSeat, Surroundings
from sessions_app.errors import RefusedStart
from sessions_app.outbound import metrics
from sessions_app.outbound.push import to_app
from sessions_app.protocol.cloud_to_app import AppStopped
from sessions_app.protocol.codec import iso
from sessions_app.protocol.codes import CloseCode, CloseReason, StopReason
from sessions_app.protocol.families import Family
from sessions_app.protocol.webhooks import StopRequest

CLOSE_AFTER_SECONDS = 1.0
WEBHOOK_TIMEOUT_SECONDS = 5.0


def quiet(seat: AppSeat, why: str) -> None:
    """Call off everything that is under way for this app."""
    for timer in (seat.grace_timer, seat.held_update):
        if timer is not None:
            timer.cancel()
    seat.grace_timer = seat.held_update = None
    if not seat.outcome.done():
        seat.outcome.set_exception(RefusedStart("CONNECTION", why))
        seat.outcome.exception()
    if seat.effort is not None:
        seat.effort.cancel()
        seat.effort = None


async def stop(
    around: Surroundings, seat: AppSeat, reason: StopReason, *, message: str, ends_with_session: bool
) -> None:
    """Stop one app: signals to the app, rows, phone. The caller takes the seat away.

    An app that ends with its session keeps its place among those that come back at the next one.
    """
    move(around, seat, RunEvent.STOP, detail=f"{reason}: {message}")
    quiet(seat, "The app was stopped")
    seat.keys = ()
    around.screen.app_stopped(seat.package_name)
    around.changed()
    around.notices.changed()
    if not ends_with_session:
        around.journal.write(mark_running, around.ref.user_pk, seat.package_name, False)
    close_reason = CloseReason.USER_SESSION_ENDED if ends_with_session else CloseReason.APP_STOPPED
    await _signal(around, seat, reason, message)
    if seat.link is not None:
        seat.link.close(CloseCode.NORMAL, close_reason)
    move(
        around,
        seat,
        RunEvent.STOPPED,
        detail=reason,
        stopped_at=around.clock.now(),
        stop_reason=reason,
        resume_before=None,
        subscriptions=[],
    )
    around.notices.stopped(seat.package_name)


async def _signal(around: Surroundings, seat: AppSeat, reason: StopReason, message: str) -> None:
    connected = to_app(
        seat.link,
        seat.family,
        AppStopped(
            session_id=seat.app_session_id, reason=reason, message=message, timestamp=iso(around.clock.now())
        ),
    )
    if connected and seat.family is Family.C:
        await _closed_within(seat, CLOSE_AFTER_SECONDS)
    webhook = around.spawn(_call(around, seat, reason))
    if connected:
        await asyncio.wait((webhook,), timeout=CLOSE_AFTER_SECONDS)


async def _closed_within(seat: AppSeat, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await seat.closed.wait()
    except TimeoutError:
        return


async def _call(around: Surroundings, seat: AppSeat, reason: StopReason) -> None:
    began = around.clock.monotonic()
    answer = await around.servers.post(
        seat.facts.public_url,
        "/webhook",
        StopRequest(
            session_id=seat.app_session_id,
            user_id=around.ref.user_id,
            reason=reason,
            timestamp=iso(around.clock.now()),
        ),
        secret=seat.facts.webhook_secret,
        timeout_seconds=WEBHOOK_TIMEOUT_SECONDS,
    )
    metrics.webhook_seconds.labels("stop_request", "ok" if answer.ok else "failed").observe(
        around.clock.monotonic() - began
    )
