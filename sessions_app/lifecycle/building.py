"""Putting the parts of a session together."""

from functools import partial
from typing import Any

from django.conf import settings

from accounts.models import User
from accounts.rules import default_wearable
from accounts.selectors import merged_user_settings
from apps_registry.selectors import find_address
from sessions_app.app_runs.hosts import AppHosts
from sessions_app.app_runs.notices import PhoneNotices
from sessions_app.app_runs.pacing import Limits
from sessions_app.app_runs.runs import AppRuns
from sessions_app.app_runs.seat import Surroundings
from sessions_app.app_runs.webhooks import AppServers
from sessions_app.audio.intake import AudioIntake
from sessions_app.audio.microphone import Microphone
from sessions_app.clock import SystemClock
from sessions_app.database import Journal, in_database
from sessions_app.display.arbiter import Arbiter
from sessions_app.inspection.recorder import recorder
from sessions_app.lifecycle import filming, hearing, peers, reconciling, streams_told
from sessions_app.lifecycle.dashboard import dashboard_outlets
from sessions_app.lifecycle.ears import Ears
from sessions_app.lifecycle.leaving import leave
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.lifecycle.services import Opened
from sessions_app.lifecycle.speaker_outlets import speaker_outlets
from sessions_app.lifecycle.upkeep import Upkeep
from sessions_app.lifecycle.views import user_session
from sessions_app.media.requests import HardwareRequests
from sessions_app.media.speaker import SpeakerStreams
from sessions_app.outbound import metrics
from sessions_app.outbound.phone import PhoneSeat
from sessions_app.outbound.snapshot import Snapshot
from sessions_app.phone.data import PhoneData
from sessions_app.speech.node.session import SessionSpeech
from sessions_app.speech.node.workers import speech_workers
from sessions_app.streaming.camera import Camera
from sessions_app.streams.relay import Relay

app_servers = AppServers()
_clock = SystemClock()
app_hosts = AppHosts(_clock, Limits(settings.CIRCUIT_FAILURES, settings.CIRCUIT_OPEN_SECONDS))
find_app_address = partial(in_database, find_address)


def build_runtime(opened: Opened, user: User) -> SessionRuntime:
    """Return the hot state of a session that was just opened; nothing of it is sent anywhere yet."""
    journal = Journal(on_ownership_lost=lambda: leave(runtime))
    upkeep = Upkeep(opened.ref, opened.started_at, _clock, journal)
    phone = PhoneSeat()
    data = _phone_data(user)
    upkeep.snapshot = Snapshot(opened.ref.session_id, lambda: _state_of(runtime), _clock)
    screen = Arbiter(
        lambda drawing: reconciling.show(runtime, drawing),
        _clock,
        dashboard_owner=settings.SYSTEM_DASHBOARD_PACKAGE_NAME,
        outlets=dashboard_outlets(lambda: runtime, lambda: reconciling.remember(runtime)),
    )
    notices = PhoneNotices(opened.ref.user_id, phone, lambda: user_session(upkeep, runtime.apps), _clock)
    apps = AppRuns(
        Surroundings(
            ref=opened.ref,
            clock=_clock,
            journal=journal,
            spawn=upkeep.spawn,
            screen=screen,
            phone=phone,
            servers=app_servers,
            hosts=app_hosts,
            find_address=find_app_address,
            notices=notices,
            recorder=recorder,
            changed=lambda: reconciling.listeners_changed(runtime),
            capabilities=lambda: data.capabilities,
            device_state=data.device.public_state,
            user_is_here=lambda: phone.is_open,
            ended=lambda package_name: peers.app_ended(journal, opened.ref, package_name),
            greet=lambda seat, knows: streams_told.greet(runtime, seat, knows=knows),
        )
    )
    ears = Ears(Relay(), SessionSpeech(opened.ref, speech_workers, hearing.outlets(lambda: runtime), _clock))
    # The parts above call each other through the runtime, which exists before any of them is used.
    runtime = SessionRuntime(
        upkeep=upkeep,
        phone=phone,
        apps=apps,
        ears=ears,
        screen=screen,
        audio=AudioIntake(
            opened.ref.user_id,
            ears,
            Microphone(lambda need: reconciling.send_microphone(runtime, need), _clock),
            _clock,
            lambda: reconciling.answer_udp_ping(runtime),
        ),
        data=data,
        requests=HardwareRequests(_clock),
        camera=Camera(filming.surroundings(lambda: runtime, opened.ref, _clock, phone, upkeep.spawn)),
        speaker=SpeakerStreams(speaker_outlets(lambda: runtime), _clock),
    )
    metrics.born("session_runtimes", runtime)
    return runtime


def _phone_data(user: User) -> PhoneData:
    return PhoneData(
        user_settings=merged_user_settings(user), default_wearable=default_wearable(user.settings)
    )


def _state_of(runtime: SessionRuntime) -> dict[str, Any]:
    """Return what the session's next owner should know, JSON-able."""
    return {
        "screen": runtime.screen.snapshot(),
        "phone": runtime.data.snapshot(),
        "audio": runtime.audio.snapshot(),
        "speech": runtime.ears.speech.snapshot(),
        "camera": runtime.camera.snapshot(),
        "speaker": runtime.speaker.snapshot(),
        "usage": runtime.requests.usage.snapshot(),
    }
