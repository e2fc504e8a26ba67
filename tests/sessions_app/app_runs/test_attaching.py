"""Sockets of an app come and go; what belongs to the app stays (app-socket §3, §5; lifecycle §8)."""

import pytest

from sessions_app.app_runs.attaching import Hello
from sessions_app.app_runs.rules import Handshake
from sessions_app.app_runs.seat import AppSeat
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.outbound.remote_link import RemoteLink
from sessions_app.protocol.families import Family
from sessions_app.states import RunState
from tests.sessions_app.app_runs.conftest import PlayedServers
from tests.support.fake_clock import FakeClock
from tests.support.runtime import PACKAGE, RecordingLink, make_facts, seat_app

Session = tuple[SessionRuntime, RecordingLink, FakeClock]
KEYS = ["transcription:en-US", "button_press"]


def _state(seat: AppSeat) -> RunState | None:
    return seat.state


def _return(runtime: SessionRuntime, family: Family, handshake: Handshake) -> RecordingLink:
    link = RecordingLink()
    hello = Hello(handshake, make_facts("MICROPHONE"), key_id=1, family=family, sdk_version="")
    runtime.apps.attach(PACKAGE, link, hello)
    return link


@pytest.mark.parametrize(
    ("family", "handshake", "answer"),
    [
        (Family.A, Handshake.INIT, "tpa_connection_ack"),
        (Family.C, Handshake.RECONNECT, "reconnect_ack"),
    ],
)
async def test_a_blip_keeps_subscriptions_and_calls_no_webhook(
    session: Session, servers: PlayedServers, family: Family, handshake: Handshake, answer: str
) -> None:
    runtime, phone, clock = session
    seat, link = seat_app(runtime, make_facts("MICROPHONE"), family, *KEYS)
    phone.sent.clear()
    runtime.apps.detach(PACKAGE, link.connection, "network")
    assert _state(seat) is RunState.GRACE_PERIOD
    clock.advance(7.0)
    again = _return(runtime, family, handshake)
    assert _state(seat) is RunState.RUNNING
    assert again.of_type(answer)[0]["subscriptions"] == KEYS
    assert not servers.calls
    assert not phone.of_type("app_started")
    assert not phone.of_type("display_event")


async def test_the_late_close_of_a_replaced_socket_changes_nothing(session: Session) -> None:
    runtime, _, _ = session
    seat, old = seat_app(runtime, make_facts("MICROPHONE"), Family.A, *KEYS)
    new = _return(runtime, Family.A, Handshake.INIT)
    assert old.closed == (1000, "Replaced by new connection")
    runtime.apps.detach(PACKAGE, old.connection, "peer closed")
    assert _state(seat) is RunState.RUNNING
    assert seat.link is new


async def test_an_app_that_stays_away_is_called_back(session: Session, servers: PlayedServers) -> None:
    runtime, _, clock = session
    seat, link = seat_app(runtime, make_facts("MICROPHONE"), Family.A, *KEYS)
    runtime.apps.detach(PACKAGE, link.connection, "network")
    clock.advance(10.1)
    assert _state(seat) is RunState.RESURRECTING
    await servers.called.wait()
    again = _return(runtime, Family.A, Handshake.INIT)
    assert again.of_type("tpa_connection_ack")[0]["subscriptions"] == KEYS


async def test_without_its_user_a_lost_app_sleeps_until_the_user_is_back(
    session: Session, servers: PlayedServers
) -> None:
    runtime, phone, clock = session
    seat, link = seat_app(runtime, make_facts("MICROPHONE"), Family.A, *KEYS)
    runtime.phone.link = None
    runtime.apps.detach(PACKAGE, link.connection, "network")
    clock.advance(10.1)
    assert _state(seat) is RunState.DORMANT
    assert not servers.calls
    runtime.phone.link = phone
    runtime.apps.user_returned()
    assert _state(seat) is RunState.RESURRECTING
    await servers.called.wait()


async def test_a_released_app_sleeps_at_once(session: Session) -> None:
    runtime, _, _ = session
    seat, link = seat_app(runtime, make_facts(), Family.A)
    seat.released = True
    runtime.apps.detach(PACKAGE, link.connection, "peer closed")
    assert _state(seat) is RunState.DORMANT


async def test_a_release_on_an_old_socket_does_not_bind_the_new_one(session: Session) -> None:
    runtime, _, _ = session
    seat, _ = seat_app(runtime, make_facts(), Family.A)
    seat.released = True
    new = _return(runtime, Family.A, Handshake.INIT)
    runtime.apps.detach(PACKAGE, new.connection, "network")
    assert _state(seat) is RunState.GRACE_PERIOD


async def test_family_b_stays_known_over_a_reconnect(session: Session) -> None:
    runtime, _, _ = session
    seat, _ = seat_app(runtime, make_facts(), Family.B)
    _return(runtime, Family.A, Handshake.INIT)
    assert seat.family is Family.B


async def test_an_empty_update_right_after_an_ack_waits_for_the_real_one(session: Session) -> None:
    runtime, _, clock = session
    seat, _ = seat_app(runtime, make_facts("MICROPHONE"), Family.A, *KEYS)
    runtime.apps.subscribe(seat, [])
    assert [key.raw for key in seat.keys] == KEYS
    runtime.apps.subscribe(seat, ["head_position"])
    clock.advance(3.0)
    assert [key.raw for key in seat.keys] == ["head_position"]


async def test_an_honest_unsubscription_counts_after_two_seconds(session: Session) -> None:
    runtime, _, clock = session
    seat, _ = seat_app(runtime, make_facts("MICROPHONE"), Family.A, *KEYS)
    runtime.apps.subscribe(seat, [])
    clock.advance(2.1)
    assert seat.keys == ()


async def test_refused_entries_are_told_and_the_good_ones_kept(session: Session) -> None:
    runtime, _, _ = session
    seat, link = seat_app(runtime, make_facts(), Family.C)
    runtime.apps.subscribe(seat, ["transcription:en-US", "button_press", "nonsense:::"])
    assert [key.raw for key in seat.keys] == ["button_press"]
    (refused,) = link.of_type("permission_error")
    assert refused["deniedPermissions"] == ["MICROPHONE"]
    assert refused["details"][0]["stream"] == "transcription:en-US"
    assert link.of_type("permission_denied")[0]["streamType"] == "transcription:en-US"
    assert link.of_type("tpa_connection_error")[0]["code"] == "MALFORMED_MESSAGE"
    assert link.is_open


@pytest.mark.parametrize(("family", "waits"), [(Family.A, 0.0), (Family.B, 0.0), (Family.C, 10.0)])
async def test_only_an_sdk_that_comes_back_is_waited_for_when_a_node_shuts_down(
    session: Session, servers: PlayedServers, family: Family, waits: float
) -> None:
    runtime, _, clock = session
    seat, link = seat_app(runtime, make_facts("MICROPHONE"), family, *KEYS)
    runtime.apps.detach(PACKAGE, link.connection, "the node shut down", sent_away=True)
    assert _state(seat) is RunState.GRACE_PERIOD
    clock.advance(waits)
    assert _state(seat) is RunState.RESURRECTING
    await servers.wait_called("SessionRequest")


async def test_a_node_that_shuts_down_closes_its_own_sockets_only(
    session: Session, servers: PlayedServers
) -> None:
    runtime, _, clock = session
    seat, link = seat_app(runtime, make_facts("MICROPHONE"), Family.A, *KEYS)
    guest, _ = seat_app(runtime, make_facts(package="com.example.guest"), Family.A)
    guest.link = far = RemoteLink("node-2", 5)
    assert runtime.apps.send_away("the node shut down") == [link]
    assert _state(seat) is RunState.GRACE_PERIOD
    assert (_state(guest), guest.link) == (RunState.RUNNING, far)
    clock.advance(60)
    assert _state(seat) is RunState.GRACE_PERIOD
    assert not servers.calls
