"""A socket of an app comes and goes (app-socket §3, lifecycle §8.2)."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import msgspec
from django.conf import settings

from apps_registry.selectors import AppFacts
from apps_registry.services import mark_running
from sessions_app.app_runs.moves import move
from sessions_app.app_runs.rules import Handshake, RunEvent, returns_when_sent_away
from sessions_app.app_runs.seat import AppSeat, Surroundings
from sessions_app.app_runs.starting import resurrect
from sessions_app.outbound import metrics
from sessions_app.outbound.link import Link
from sessions_app.outbound.push import to_app
from sessions_app.outbound.remote_link import RemoteLink
from sessions_app.protocol.cloud_to_app import DeviceStateUpdate, ReconnectAck, TpaConnectionAck
from sessions_app.protocol.codec import iso
from sessions_app.protocol.codes import CloseCode, CloseReason
from sessions_app.protocol.families import Family
from sessions_app.protocol.fragments import GlassesInfo
from sessions_app.states import RunState

_GRANTS = {
    "location": "LOCATION",
    "microphone": "MICROPHONE",
    "camera": "CAMERA",
    "notifications": "READ_NOTIFICATIONS",
    "calendar": "CALENDAR",
}


@dataclass(frozen=True, slots=True)
class Hello:
    """An authenticated app at the door: what it said and what the registry knows of it now.

    `setting_values` are the user's values merged over the app's definitions, `user_settings` those of the system.
    `introduced_at` (seconds of the epoch) stays the same while the socket is led from owner to owner. `greeting` is
    the message it introduced itself with, without its secrets, for those who inspect the app.
    """

    handshake: Handshake
    facts: AppFacts
    key_id: int
    family: Family
    sdk_version: str
    setting_values: list[dict[str, Any]] = field(default_factory=list)
    user_settings: dict[str, Any] = field(default_factory=dict)
    introduced_at: float = field(default_factory=time.time)
    greeting: str = ""


def attach(around: Surroundings, seat: AppSeat, link: Link, hello: Hello) -> None:
    """Give the seat a new socket, answer its handshake and tell whoever waited for the app."""
    before, old = seat.state, seat.link
    if seat.grace_timer is not None:
        seat.grace_timer.cancel()
        seat.grace_timer = None
    seat.link, seat.facts, seat.key_id = link, hello.facts, hello.key_id
    seat.family, seat.sdk_version, seat.released = _family(seat, hello), hello.sdk_version, False
    seat.closed.clear()
    link.tap = seat.tap
    if seat.tap is not None:
        seat.tap.note(
            "socket_opened",
            handshake=hello.handshake,
            family=seat.family,
            sdkVersion=hello.sdk_version,
        )
        if hello.greeting and hello.handshake is not Handshake.TRANSFER:
            seat.tap.received(hello.greeting)
    seat.acked_at, seat.introduced_at = around.clock.monotonic(), hello.introduced_at
    move(
        around,
        seat,
        RunEvent.ATTACHED,
        detail=f"{hello.handshake} of family {seat.family}",
        family=seat.family,
        sdk_version=hello.sdk_version[:50],
        connected_at=around.clock.now(),
        resume_before=None,
    )
    if old is not None and old.connection != link.connection:
        old.close(CloseCode.NORMAL, CloseReason.REPLACED)
    if hello.handshake is not Handshake.TRANSFER:
        around.hosts.heard_from(seat.facts.public_url)
        to_app(link, seat.family, _ack(around, seat, hello))
        to_app(link, seat.family, _device_state(around, seat))
    around.greet(seat, hello.handshake is Handshake.TRANSFER)
    _send_held(seat, link, before)
    if not seat.outcome.done():
        seat.outcome.set_result(None)
    if before is RunState.CONNECTING:
        around.screen.app_started(seat.package_name, seat.facts.name, seat.facts.app_type)
        around.journal.write(mark_running, around.ref.user_pk, seat.package_name, True)
        around.notices.started(seat.package_name)
    around.changed()


def is_overtaken(seat: AppSeat, hello: Hello) -> bool:
    """Whether a socket that follows its session finds the seat taken by one that came later."""
    taken = seat.link is not None and seat.link.is_open
    return hello.handshake is Handshake.TRANSFER and taken and seat.introduced_at > hello.introduced_at


def _send_held(seat: AppSeat, link: Link, before: RunState | None) -> None:
    """Send what came while the socket was away, unless the app was called anew: that would be stale for it."""
    if before not in (RunState.RUNNING, RunState.GRACE_PERIOD):
        seat.held.drop()
    for text in seat.held.take():
        link.send_text(text)


def _family(seat: AppSeat, hello: Hello) -> Family:
    """Return the family of a new socket: B looks like A at first, but what it once showed stays known."""
    return Family.B if hello.family is Family.A and seat.family is Family.B else hello.family


def _ack(around: Surroundings, seat: AppSeat, hello: Hello) -> TpaConnectionAck | ReconnectAck:
    ack = ReconnectAck if hello.handshake is Handshake.RECONNECT else TpaConnectionAck
    return ack(
        session_id=seat.app_session_id,
        settings=hello.setting_values,
        mentraos_settings=mentraos_settings(seat.facts, hello.user_settings),
        capabilities=around.capabilities(),
        config=seat.facts.config,
        subscriptions=[key.raw for key in seat.keys],
        user_id=around.ref.user_id,
        timestamp=iso(around.clock.now()),
    )


def _device_state(around: Surroundings, seat: AppSeat) -> DeviceStateUpdate:
    return DeviceStateUpdate(
        state=msgspec.convert(around.device_state(), GlassesInfo),
        full_snapshot=True,
        session_id=seat.app_session_id,
        timestamp=iso(around.clock.now()),
    )


def mentraos_settings(facts: AppFacts, user_settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an app is told of the system: always all of it, as every SDK forgets what is left out."""
    return {"timezone": settings.TIME_ZONE, **user_settings, "permissions": granted(facts)}


def granted(facts: AppFacts) -> dict[str, bool]:
    """Return the five permissions SDK 3 asks for, as booleans (app-socket §3.3)."""
    return {name: permission in facts.permissions for name, permission in _GRANTS.items()}


def detach(
    around: Surroundings, seat: AppSeat, connection: int, cause: str, *, sent_away: bool = False
) -> None:
    """Note that a socket of the app closed; a socket that was replaced before changes nothing (P-6).

    `sent_away`: its node shuts down and closed it 1001.
    """
    if seat.link is None or seat.link.connection != connection:
        return
    seat.link = None
    if seat.tap is not None:
        seat.tap.note("socket_closed", cause=cause)
    seat.closed.set()
    if seat.state is not RunState.RUNNING:
        return
    if seat.released:
        seat.held.drop()
        move(around, seat, RunEvent.RELEASED, detail=cause)
    else:
        metrics.grace_entries["app"] += 1
        grace = _grace_seconds(seat, sent_away=sent_away)
        move(
            around,
            seat,
            RunEvent.SOCKET_LOST,
            detail=cause,
            resume_before=around.clock.now() + timedelta(seconds=grace),
        )
        begin_grace(around, seat, grace)
    around.changed()


def send_away(around: Surroundings, seat: AppSeat, cause: str) -> Link | None:
    """Empty the seat because this node shuts down; return the socket, still open, for the caller to close.

    A socket on another node stays, and the seat with it: it follows its user to the next owner, who also has
    the grace period. SDK 2 does not come back by itself, so nobody is to wait for it.
    """
    link = seat.link
    if link is None or isinstance(link, RemoteLink):
        return None
    seat.link = None
    if seat.state is RunState.RUNNING:
        resume_before = around.clock.now() + timedelta(seconds=_grace_seconds(seat, sent_away=True))
        move(around, seat, RunEvent.SOCKET_LOST, detail=cause, resume_before=resume_before)
    return link


def _grace_seconds(seat: AppSeat, *, sent_away: bool) -> float:
    grace: float = settings.APP_GRACE_SECONDS
    return 0.0 if sent_away and not returns_when_sent_away(seat.family) else grace


def begin_grace(around: Surroundings, seat: AppSeat, seconds: float) -> None:
    """Give the app `seconds` to come back by itself, then call its server or let it sleep."""
    seat.grace_timer = around.clock.call_later(seconds, lambda: _grace_ended(around, seat))


def _grace_ended(around: Surroundings, seat: AppSeat) -> None:
    seat.grace_timer = None
    if seat.state is not RunState.GRACE_PERIOD:
        return
    seat.held.drop()
    if around.user_is_here():
        resurrect(around, seat, RunEvent.GRACE_ENDED)
    else:
        move(around, seat, RunEvent.GRACE_ENDED_AWAY, resume_before=None)
    around.changed()
