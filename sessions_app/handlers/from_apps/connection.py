"""Messages about the app's own connection and what it wants to hear (app-socket §3.5, §4, §5)."""

import logging

from sessions_app.app_runs.seat import AppSeat
from sessions_app.handlers.answers import now_iso
from sessions_app.handlers.registry import from_app
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.lifecycle.telling import tell_app
from sessions_app.protocol.app_to_cloud import (
    OwnershipRelease,
    Ping,
    Reconnect,
    SubscriptionUpdate,
    TpaConnectionInit,
    TranscriptionConfig,
)
from sessions_app.protocol.cloud_to_app import Pong
from sessions_app.protocol.codec import data_stream
from sessions_app.protocol.families import Family
from sessions_app.protocol.streams import StreamKey, StreamName
from sessions_app.streams.rules import CONNECTION_STATE, keeps_connection_state

logger = logging.getLogger(__name__)

_LOCATIONS = ("location_update", "location_stream")


@from_app(Ping)
def on_ping(runtime: SessionRuntime, seat: AppSeat, message: Ping) -> None:
    """Answer at once. Family A never pings, so one that does is B (app-socket §1)."""
    note_family_b(runtime, seat)
    tell_app(seat, Pong(timestamp=now_iso(runtime)))


def note_family_b(runtime: SessionRuntime, seat: AppSeat) -> None:
    """Take evidence that an app without v3 headers is of family B, and remember it over its reconnects."""
    if seat.family is Family.A:
        seat.family = Family.B
        runtime.apps.keep(seat, family=Family.B)
        runtime.apps.changed()


@from_app(TpaConnectionInit, Reconnect)
def on_repeated_introduction(
    runtime: SessionRuntime, seat: AppSeat, message: TpaConnectionInit | Reconnect
) -> None:
    """Ignore an introduction on a socket that has its ack: its identity is fixed."""
    logger.info("%s introduced itself again on the same socket", seat.package_name)


@from_app(SubscriptionUpdate)
def on_subscription_update(runtime: SessionRuntime, seat: AppSeat, message: SubscriptionUpdate) -> None:
    """Replace the app's subscriptions and send what is already known of the new ones (§3.3)."""
    before = frozenset(seat.keys)
    if StreamName.STREAM_STATUS in message.subscriptions:
        note_family_b(runtime, seat)  # SDK 2 has another name for it
    runtime.apps.subscribe(seat, message.subscriptions)
    if keeps_connection_state(seat.family):
        _inform(runtime, seat)
    _send_known(runtime, seat, [key for key in seat.keys if key not in before])


def _inform(runtime: SessionRuntime, seat: AppSeat) -> None:
    """Send an app the connection state of the glasses, once on each of its sockets."""
    if seat.link is None or seat.informed == seat.link.connection or not runtime.data.last_connection:
        return
    seat.informed = seat.link.connection
    seat.link.send_text(
        data_stream(seat.app_session_id, CONNECTION_STATE.raw, runtime.data.last_connection, now_iso(runtime))
    )


def _send_known(runtime: SessionRuntime, seat: AppSeat, new: list[StreamKey]) -> None:
    if seat.link is None:
        return
    now = now_iso(runtime)
    for key in new:
        if key.stream == "calendar_event":
            known = list(runtime.data.calendar.values())
        elif key.stream == "glasses_battery_update":
            known = [runtime.data.last_battery]
        elif key.stream == _preferred_location(seat.keys):
            known = [runtime.data.last_location]
        else:
            continue
        for raw in known:
            if raw:
                seat.link.send_text(data_stream(seat.app_session_id, key.raw, raw, now))


def _preferred_location(keys: tuple[StreamKey, ...]) -> str:
    """Return the one stream under which an app hears positions (app-socket §6.1)."""
    asked = {key.stream for key in keys}
    return next((name for name in _LOCATIONS if name in asked), "")


@from_app(TranscriptionConfig)
def on_transcription_config(runtime: SessionRuntime, seat: AppSeat, message: TranscriptionConfig) -> None:
    """Keep the app's wishes for recognition with its seat."""
    seat.transcription_config = {
        "languageHints": message.language_hints,
        "vocabulary": message.vocabulary,
        "diarization": message.diarization,
    }
    runtime.apps.keep(seat, transcription_config=seat.transcription_config)
    runtime.apps.changed()


@from_app(OwnershipRelease)
def on_ownership_release(runtime: SessionRuntime, seat: AppSeat, message: OwnershipRelease) -> None:
    """Let the app sleep when this socket closes; it concerns this socket only (lifecycle §8.5, P-9)."""
    seat.released = True
