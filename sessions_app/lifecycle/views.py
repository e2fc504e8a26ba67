"""How a session looks to its phone (glasses-socket §2.1)."""

from django.conf import settings

from sessions_app.app_runs.runs import AppRuns
from sessions_app.audio.datagrams import ALGORITHM
from sessions_app.audio.udp_port import udp_port
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.lifecycle.upkeep import Upkeep
from sessions_app.lifecycle.wishes import minimum_languages
from sessions_app.protocol.cloud_to_glasses import ConnectionAck, UdpEncryption, UserSessionView
from sessions_app.protocol.codec import iso
from sessions_app.streams.rules import needs_audio


def user_session(upkeep: Upkeep, apps: AppRuns) -> UserSessionView:
    """Return running and loading apps with their subscriptions and what they need of the microphone."""
    present = apps.present()
    keys = [key for seat in present for key in seat.keys]
    languages = minimum_languages(keys)
    return UserSessionView(
        user_id=upkeep.ref.user_id,
        start_time=iso(upkeep.started_at),
        active_app_sessions=[seat.package_name for seat in present],
        loading_apps=[seat.package_name for seat in apps.loading()],
        app_subscriptions={seat.package_name: [key.raw for key in seat.keys] for seat in present},
        requires_audio=needs_audio(keys),
        minimum_transcription_languages=list(languages),
        is_transcribing=bool(languages),
    )


def connection_ack(runtime: SessionRuntime) -> ConnectionAck:
    """Return the first message to a phone that connected; one that can seal sound by UDP gets the key for it."""
    offers_udp = udp_port.is_open
    return ConnectionAck(
        session_id=runtime.ref.user_id,
        user_session=user_session(runtime.upkeep, runtime.apps),
        timestamp=iso(runtime.upkeep.clock.now()),
        env=settings.DEPLOYMENT_NAME,
        udp_host=settings.UDP_HOST if offers_udp else None,
        udp_port=settings.UDP_PORT if offers_udp else None,
        udp_encryption=_udp_key(runtime) if offers_udp and runtime.phone.seals_udp else None,
    )


def _udp_key(runtime: SessionRuntime) -> UdpEncryption:
    return UdpEncryption(key=runtime.audio.udp.hand_out_key(), algorithm=ALGORITHM)
