"""What an app subscribes to: judged entry by entry, stored on the seat, kept over its reconnects (app-socket §5)."""

from typing import Any

from sessions_app.app_runs.moves import keep
from sessions_app.app_runs.seat import AppSeat, Surroundings
from sessions_app.outbound.push import to_app
from sessions_app.protocol.cloud_to_app import (
    PermissionDenied,
    PermissionError,
    RefusedStream,
    TpaConnectionError,
)
from sessions_app.protocol.codec import iso
from sessions_app.protocol.codes import ErrorCode
from sessions_app.protocol.families import Family
from sessions_app.protocol.streams import StreamKey, parse_stream
from sessions_app.streams.rules import Judgement, judge_subscriptions

EMPTY_UPDATE_HOLD_SECONDS = 2.0


def subscribe(around: Surroundings, seat: AppSeat, entries: list[Any]) -> None:
    """Replace the subscriptions of an app.

    SDK 2 sends an empty list right after a reconnect, before its handlers are back. So within 2 s after an ack an
    empty list waits for 2 s, unless there was nothing to lose (app-socket §5.1 rule 5).
    """
    if seat.held_update is not None:
        seat.held_update.cancel()
        seat.held_update = None
    judgement = judge_subscriptions(entries, seat.facts.permissions)
    tell_refusals(around, seat, judgement)
    just_acked = around.clock.monotonic() - seat.acked_at < EMPTY_UPDATE_HOLD_SECONDS
    if not entries and seat.keys and just_acked:
        seat.held_update = around.clock.call_later(
            EMPTY_UPDATE_HOLD_SECONDS, lambda: _apply_held(around, seat)
        )
        return
    apply(around, seat, judgement.accepted)


def _apply_held(around: Surroundings, seat: AppSeat) -> None:
    seat.held_update = None
    apply(around, seat, ())


def apply(around: Surroundings, seat: AppSeat, keys: tuple[StreamKey, ...]) -> None:
    """Put the new subscriptions into force when they differ from the old ones."""
    if keys == seat.keys:
        return
    seat.keys = keys
    keep(around, seat, subscriptions=[stored(key) for key in keys])
    around.changed()


def stored(key: StreamKey) -> str | dict[str, str]:
    """Return a subscription as it is kept in the row and parsed again by a new owner: as the app wrote it."""
    if key.rate is None or key == parse_stream(key.raw):
        return key.raw
    return {"stream": key.raw, "rate": key.rate}


def rejudge(around: Surroundings, seat: AppSeat) -> None:
    """Judge the present subscriptions again after the app's permissions changed."""
    judgement = judge_subscriptions([stored(key) for key in seat.keys], seat.facts.permissions)
    tell_refusals(around, seat, judgement)
    apply(around, seat, judgement.accepted)


def tell_refusals(around: Surroundings, seat: AppSeat, judgement: Judgement) -> None:
    """Tell the app, in its dialect, which entries were refused and why; the socket stays open (§8.6)."""
    now = iso(around.clock.now())
    if judgement.denied:
        to_app(
            seat.link,
            seat.family,
            PermissionError(
                session_id=seat.app_session_id,
                message="Some subscriptions were rejected",
                details=[
                    RefusedStream(stream=d.stream, required_permission=d.permission, message=d.message)
                    for d in judgement.denied
                ],
                denied_permissions=sorted({d.permission for d in judgement.denied}),
                timestamp=now,
            ),
        )
        for denied in judgement.denied:
            to_app(
                seat.link,
                seat.family,
                PermissionDenied(
                    message=denied.message,
                    permission=denied.permission,
                    stream_type=denied.stream,
                    timestamp=now,
                ),
            )
    if seat.family is Family.A:
        return
    for entry, message in judgement.malformed:
        to_app(
            seat.link,
            seat.family,
            TpaConnectionError(
                code=ErrorCode.MALFORMED_MESSAGE, message=f"{entry[:100]}: {message}", timestamp=now
            ),
        )
