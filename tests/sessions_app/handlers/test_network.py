"""What a phone proposes beside its socket."""

import pytest

from sessions_app.audio.udp_port import UdpPort
from sessions_app.handlers.dispatch import dispatch_from_glasses
from sessions_app.handlers.from_glasses import network
from sessions_app.lifecycle.runtime import SessionRuntime
from tests.support.fake_clock import FakeClock
from tests.support.runtime import RecordingLink

Session = tuple[SessionRuntime, RecordingLink, FakeClock]


@pytest.fixture
def port(session: Session, monkeypatch: pytest.MonkeyPatch) -> UdpPort:
    """A port that is open as far as anybody can tell."""
    _, _, clock = session
    port = UdpPort(clock)
    monkeypatch.setattr(UdpPort, "is_open", True)
    monkeypatch.setattr(network, "udp_port", port)
    return port


def test_a_phone_registers_with_its_own_hash_only(session: Session, port: UdpPort) -> None:
    runtime, _, _ = session
    own = runtime.audio.udp.user_hash
    dispatch_from_glasses(runtime, f'{{"type":"udp_register","userIdHash":{own + 1}}}')
    assert len(port) == 0
    dispatch_from_glasses(runtime, f'{{"type":"udp_register","userIdHash":{own}}}')
    assert len(port) == 1


def test_a_phone_that_unregisters_keeps_its_key(session: Session, port: UdpPort) -> None:
    runtime, _, _ = session
    own, key = runtime.audio.udp.user_hash, runtime.audio.udp.hand_out_key()
    dispatch_from_glasses(runtime, f'{{"type":"udp_register","userIdHash":{own}}}')
    dispatch_from_glasses(runtime, f'{{"type":"udp_unregister","userIdHash":{own}}}')
    assert len(port) == 0
    assert runtime.audio.udp.hand_out_key() == key


def test_a_phone_that_asks_for_livekit_goes_on_by_its_socket(session: Session) -> None:
    runtime, phone, _ = session
    dispatch_from_glasses(runtime, '{"type":"livekit_init","mode":"subscribe"}')
    assert phone.sent == []
