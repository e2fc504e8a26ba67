"""What an app hears of the seconds in which its socket was away (lifecycle §8.2, §8.3)."""

import json
from typing import Any

import pytest

from sessions_app.app_runs.attaching import Hello
from sessions_app.app_runs.rules import Handshake
from sessions_app.handlers.dispatch import dispatch_from_glasses
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.outbound import metrics
from sessions_app.protocol.families import Family
from sessions_app.protocol.permissions import PermissionType
from sessions_app.states import RunState
from tests.sessions_app.app_runs.conftest import PlayedServers
from tests.support.fake_clock import FakeClock
from tests.support.runtime import PACKAGE, RecordingLink, make_facts, seat_app

Session = tuple[SessionRuntime, RecordingLink, FakeClock]


def _press(runtime: SessionRuntime, *names: str) -> None:
    for name in names:
        _say(runtime, type="button_press", buttonId=name, pressType="short")


def _say(runtime: SessionRuntime, **message: Any) -> None:
    dispatch_from_glasses(runtime, json.dumps(message))


def _return(runtime: SessionRuntime, handshake: Handshake, family: Family = Family.C) -> RecordingLink:
    link = RecordingLink()
    facts = make_facts(*PermissionType)
    runtime.apps.attach(PACKAGE, link, Hello(handshake, facts, key_id=1, family=family, sdk_version=""))
    return link


def _buttons(link: RecordingLink) -> list[str]:
    return [each["data"]["buttonId"] for each in link.of_type("data_stream") if "buttonId" in each["data"]]


@pytest.mark.parametrize(
    ("family", "handshake"),
    [(Family.A, Handshake.INIT), (Family.C, Handshake.RECONNECT), (Family.C, Handshake.TRANSFER)],
)
async def test_what_came_during_a_blip_follows_the_ack_in_order(
    session: Session, family: Family, handshake: Handshake
) -> None:
    runtime, _, _ = session
    _, link = seat_app(runtime, make_facts(), family, "button_press")
    runtime.apps.detach(PACKAGE, link.connection, "network")
    _press(runtime, "first", "second")

    again = _return(runtime, handshake, family)
    _press(runtime, "third")

    assert _buttons(again) == ["first", "second", "third"]
    kinds = [message["type"] for message in again.sent]
    acks = [] if handshake is Handshake.TRANSFER else kinds[:1]
    assert kinds[: len(acks)] == acks
    assert kinds[-3:] == ["data_stream"] * 3


async def test_what_came_before_the_close_was_noticed_is_not_lost(session: Session) -> None:
    runtime, _, _ = session
    _, link = seat_app(runtime, make_facts(), Family.C, "button_press")
    link.is_open = False
    _press(runtime, "between")
    runtime.apps.detach(PACKAGE, link.connection, "network")

    assert _buttons(_return(runtime, Handshake.RECONNECT)) == ["between"]


async def test_of_a_state_only_the_newest_is_kept(session: Session) -> None:
    runtime, _, _ = session
    _, link = seat_app(runtime, make_facts(), Family.C, "head_position", "button_press")
    runtime.apps.detach(PACKAGE, link.connection, "network")
    _say(runtime, type="head_position", position="up")
    _press(runtime, "main")
    _say(runtime, type="head_position", position="down")

    events = _return(runtime, Handshake.RECONNECT).of_type("data_stream")

    assert [event["data"].get("position", "main") for event in events] == ["main", "down"]


async def test_an_app_that_is_called_anew_gets_nothing_stale(
    session: Session, servers: PlayedServers
) -> None:
    runtime, _, clock = session
    seat, link = seat_app(runtime, make_facts(), Family.A, "button_press")
    runtime.apps.detach(PACKAGE, link.connection, "network")
    _press(runtime, "long ago")
    clock.advance(10.1)
    _press(runtime, "also while it is called")
    await servers.called.wait()

    again = _return(runtime, Handshake.INIT, Family.A)
    _press(runtime, "new")

    assert seat.state is RunState.RUNNING
    assert _buttons(again) == ["new"]


async def test_an_app_that_said_goodbye_gets_nothing_of_its_absence(session: Session) -> None:
    runtime, _, _ = session
    seat, link = seat_app(runtime, make_facts(), Family.C, "button_press")
    seat.released = True
    runtime.apps.detach(PACKAGE, link.connection, "peer closed")
    assert seat.state is RunState.DORMANT
    _press(runtime, "while it sleeps")

    assert _buttons(_return(runtime, Handshake.RECONNECT)) == []


async def test_what_is_held_is_bounded_and_counted(session: Session) -> None:
    runtime, _, _ = session
    _, link = seat_app(runtime, make_facts(), Family.C, "button_press")
    runtime.apps.detach(PACKAGE, link.connection, "network")
    before = metrics.held_texts["event for app", "dropped"]
    _press(runtime, *(str(number) for number in range(250)))

    assert _buttons(_return(runtime, Handshake.RECONNECT)) == [str(number) for number in range(50, 250)]
    assert metrics.held_texts["event for app", "dropped"] == before + 50


async def test_sound_is_not_held(session: Session) -> None:
    runtime, _, _ = session
    _, link = seat_app(runtime, make_facts("MICROPHONE"), Family.C, "audio_chunk")
    runtime.apps.detach(PACKAGE, link.connection, "network")
    runtime.ears.relay.audio(b"\0" * 640)

    assert _return(runtime, Handshake.RECONNECT).sound == []
