"""What follows from a change: who listens decides what the microphone, the location and the display must be.

Desired and actual are kept apart: these functions look at the present state of all apps, never at one message.
"""

import logging
from dataclasses import astuple

from sessions_app.app_runs.seat import AppSeat
from sessions_app.display.screen import Drawing
from sessions_app.lifecycle.belongings import settle_belongings
from sessions_app.lifecycle.dashboard import tell_phone_mode
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.lifecycle.services import add_counts
from sessions_app.lifecycle.speech_problems import tell_speech_problems
from sessions_app.lifecycle.wishes import Listening, recognizer_wishes, wants_voice
from sessions_app.outbound import metrics
from sessions_app.phone.data import DEFAULT_TIER
from sessions_app.phone.rules import location_tier
from sessions_app.protocol.cloud_to_glasses import (
    DisplayEvent,
    MicrophoneStateChange,
    RequestSingleLocation,
    SetLocationTier,
    UdpPingAck,
)
from sessions_app.protocol.codec import iso
from sessions_app.protocol.families import Family
from sessions_app.protocol.permissions import PermissionType
from sessions_app.protocol.streams import StreamName
from sessions_app.states import RunState
from sessions_app.streaming.rules import PHONE
from sessions_app.streams.relay import Listener
from sessions_app.streams.rules import MicrophoneNeed, heard_keys, microphone_need, needs_audio

logger = logging.getLogger(__name__)

NEEDS_DEBOUNCE_SECONDS = 0.1
_EVERYTHING = frozenset(PermissionType)
_COMING_BACK = (RunState.GRACE_PERIOD, RunState.RESURRECTING)


def listeners_changed(runtime: SessionRuntime) -> None:
    """An app came, went or subscribed to something else."""
    runtime.ears.relay.rebuild(
        [*(_listener(seat) for seat in runtime.apps.present()), _phone_listener(runtime)]
    )
    settle_belongings(runtime)
    runtime.upkeep.counters.apps_used.update(seat.package_name for seat in runtime.apps.present())
    release_camera(runtime)
    runtime.upkeep.soon("needs", NEEDS_DEBOUNCE_SECONDS, lambda: _apply_needs(runtime))


def _listener(seat: AppSeat) -> Listener:
    keys = heard_keys(seat.keys, seat.family)
    held = seat.held if seat.is_expected else None
    return Listener(
        seat.package_name, seat.app_session_id, seat.link, seat.family, keys, seat.facts.permissions, held
    )


def _phone_listener(runtime: SessionRuntime) -> Listener:
    """The phone's own subscriptions; its sound is its own and is not sent back."""
    keys = tuple(key for key in runtime.data.subscriptions if key.stream != StreamName.AUDIO_CHUNK)
    return Listener(PHONE, runtime.ref.user_id, runtime.phone.link, Family.A, keys, _EVERYTHING)


def _apply_needs(runtime: SessionRuntime) -> None:
    seats = runtime.apps.present()
    keys = [key for seat in seats for key in seat.keys]
    runtime.audio.microphone.hold(
        any(seat.state in _COMING_BACK and needs_audio(seat.keys) for seat in seats)
    )
    runtime.audio.microphone.set_need(
        microphone_need(
            [*keys, *runtime.data.subscriptions], bypass_vad=bool(runtime.data.user_settings.get("bypassVad"))
        )
    )
    listening = [Listening(seat.keys, seat.transcription_config) for seat in seats]
    listening.append(Listening(runtime.data.subscriptions))
    runtime.ears.speech.want(recognizer_wishes(listening), wants_voice(listening))
    tell_speech_problems(runtime)
    tier = location_tier([*keys, *runtime.data.subscriptions])
    if tier != runtime.data.location_tier and runtime.phone.send(SetLocationTier(tier=tier)):
        runtime.data.location_tier = tier
        remember(runtime)


def release_camera(runtime: SessionRuntime) -> None:
    """End or leave the camera stream for apps that will not come back to it by themselves (P-45)."""
    stream = runtime.camera.stream
    if stream is None:
        return
    here = {
        PHONE,
        *(seat.package_name for seat in runtime.apps.present() if seat.state is not RunState.DORMANT),
    }
    if stream.owner not in here:
        runtime.camera.stop("The app that asked for it was stopped")
        return
    for package_name in [name for name in stream.viewers if name not in here]:
        runtime.camera.leave(package_name)


def send_microphone(runtime: SessionRuntime, need: MicrophoneNeed) -> None:
    """Tell the phone what the microphone must be (streams-and-permissions §11)."""
    runtime.phone.send(
        MicrophoneStateChange(
            session_id=runtime.ref.user_id,
            is_microphone_enabled=need.enabled,
            required_data=list(need.required_data),
            bypass_vad=need.bypass_vad,
            timestamp=iso(runtime.upkeep.clock.now()),
        )
    )


def answer_udp_ping(runtime: SessionRuntime) -> None:
    """Tell the phone over its socket that its packets arrive (media §8.1)."""
    runtime.phone.send(UdpPingAck(timestamp=round(runtime.upkeep.clock.now().timestamp() * 1_000)))


def show(runtime: SessionRuntime, drawing: Drawing) -> None:
    """Put a drawing on the glasses."""
    metrics.relayed_frames["display"] += 1
    runtime.phone.send(
        DisplayEvent(
            package_name=drawing.package,
            view=drawing.view,
            layout=drawing.layout,
            timestamp=iso(runtime.upkeep.clock.now()),
            duration_ms=drawing.duration_ms,
        ),
        replaces=f"display {drawing.view}",
    )
    remember(runtime)


def remember(runtime: SessionRuntime) -> None:
    """Have what the next owner should know of this session written soon."""
    if runtime.upkeep.snapshot is not None:
        runtime.upkeep.snapshot.changed()


def renew_memory(runtime: SessionRuntime) -> None:
    """Keep what the next owner should know from expiring while nothing changes; each heartbeat calls it."""
    if runtime.upkeep.snapshot is not None:
        runtime.upkeep.snapshot.renew()


def remember_anew(runtime: SessionRuntime) -> None:
    """Have what the next owner should know written again: it was lost with Redis."""
    if runtime.upkeep.snapshot is not None:
        runtime.upkeep.snapshot.missed()
        runtime.upkeep.snapshot.changed()


def reachability_changed(runtime: SessionRuntime) -> None:
    """Phone or glasses came or went: the display and waiting requests depend on both."""
    reachable = runtime.phone.is_open and runtime.data.device.connected is not False
    runtime.screen.set_reachable(reachable)
    if reachable:
        runtime.requests.reachable()


def phone_arrived(runtime: SessionRuntime, *, without_gap: bool) -> None:
    """A phone took its seat: tell it what it cannot know (lifecycle §1.3).

    `without_gap`: it replaced one that was still connected, so nothing else tells it what is on the display.
    """
    listeners_changed(runtime)
    # The microphone must be told what is needed before it is told to the phone: never off for a moment (P-26).
    _apply_needs(runtime)
    runtime.audio.microphone.phone_attached()
    runtime.ears.speech.phone_changed()
    if runtime.data.location_tier != DEFAULT_TIER:
        runtime.phone.send(SetLocationTier(tier=runtime.data.location_tier))
    for correlation_id, accuracy in runtime.data.polls.items():
        runtime.phone.send(RequestSingleLocation(accuracy=accuracy, correlation_id=correlation_id))
    reachability_changed(runtime)
    runtime.speaker.phone_arrived()
    if without_gap:
        runtime.screen.resend()
    runtime.camera.phone_arrived()
    tell_phone_mode(runtime)
    runtime.apps.notices.changed()


def phone_left(runtime: SessionRuntime) -> None:
    """The phone is away; apps stay."""
    runtime.audio.microphone.phone_lost()
    runtime.ears.speech.phone_changed()
    runtime.camera.phone_left()
    reachability_changed(runtime)


def keep_counts(runtime: SessionRuntime) -> None:
    """Have the metrics counted so far added to the session's row."""
    counts = runtime.upkeep.counters.take()
    sound = runtime.audio.take_counts()
    if not (any(astuple(sound)) or counts.events or counts.transcripts or counts.apps_used):
        return
    runtime.upkeep.journal.write(
        add_counts,
        ref=runtime.ref,
        counts={
            "audio_bytes": sound.received_bytes,
            "audio_lost": sound.lost,
            "audio_dropped": sound.dropped,
            "events": counts.events,
            "transcripts": counts.transcripts,
        },
        apps_used=frozenset(counts.apps_used),
    )
