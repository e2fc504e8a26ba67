"""Stopping an app so that each SDK reports the right reason exactly once (lifecycle §6, README decision 19)."""

import asyncio

from apps_registry.services import mark_running
from sessions_app.app_runs.before_calling import look_up
from sessions_app.app_runs.inspecting import note_call
from sessions_app.app_runs.moves import move
from sessions_app.app_runs.rules import CLOSE_AFTER_SECONDS, STOP_WEBHOOK_SECONDS, RunEvent
from sessions_app.app_runs.seat import AppSeat, Surroundings
from sessions_app.app_runs.succession import goodbye_is_due
from sessions_app.errors import RefusedStart
from sessions_app.outbound import metrics
from sessions_app.outbound.push import to_app
from sessions_app.protocol.base import message_type
from sessions_app.protocol.cloud_to_app import AppStopped
from sessions_app.protocol.codec import iso
from sessions_app.protocol.codes import CloseCode, CloseReason, StopReason
from sessions_app.protocol.families import Family
from sessions_app.protocol.webhooks import StopRequest

STOP = message_type(StopRequest)


def quiet(seat: AppSeat, why: str) -> None:
    """Call off everything that is under way for this app."""
    for timer in (seat.grace_timer, seat.held_update):
        if timer is not None:
            timer.cancel()
    seat.grace_timer = seat.held_update = None
    seat.held.drop()
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

    An app that ends with its session keeps its place among those that come back at the next one, and is stopped only
    when its server was told: the next session waits for that.
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
    told = await _signal(around, seat, reason, message, ends_with_session=ends_with_session)
    if seat.link is not None:
        seat.link.close(CloseCode.NORMAL, close_reason)
        if seat.tap is not None:
            seat.tap.note("socket_closed", cause=close_reason)
    if told is not None and ends_with_session:
        await asyncio.wait((told,))
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
    around.ended(seat.package_name)


async def _signal(
    around: Surroundings, seat: AppSeat, reason: StopReason, message: str, *, ends_with_session: bool
) -> asyncio.Task[None] | None:
    """Tell the app over its socket and its server by webhook; return the call, if its server is to be called."""
    # Asked before the first word, as the two must leave together.
    await look_up(around, seat)
    dead = seat.link is None and around.hosts.is_held_back(seat.facts.public_url)
    call_is_due = not ends_with_session or await goodbye_is_due(around, seat)
    connected = to_app(
        seat.link,
        seat.family,
        AppStopped(
            session_id=seat.app_session_id, reason=reason, message=message, timestamp=iso(around.clock.now())
        ),
    )
    if connected and seat.family is Family.C:
        await _closed_within(seat, CLOSE_AFTER_SECONDS)
    if dead or not call_is_due:
        return None
    webhook = around.spawn(_call(around, seat, reason))
    if connected:
        await asyncio.wait((webhook,), timeout=CLOSE_AFTER_SECONDS)
    return webhook


async def _closed_within(seat: AppSeat, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await seat.closed.wait()
    except TimeoutError:
        return


async def _call(around: Surroundings, seat: AppSeat, reason: StopReason) -> None:
    began, at = around.clock.monotonic(), around.clock.now()
    answer = await around.servers.post(
        seat.facts.public_url,
        "/webhook",
        StopRequest(
            session_id=seat.app_session_id,
            user_id=around.ref.user_id,
            reason=reason,
            timestamp=iso(at),
        ),
        secrets=seat.facts.webhook_secrets,
        timeout_seconds=STOP_WEBHOOK_SECONDS,
    )
    metrics.webhook_seconds.labels(STOP, "ok" if answer.ok else "failed").observe(
        around.clock.monotonic() - began
    )
    note_call(around, seat, STOP, answer, at=at)
