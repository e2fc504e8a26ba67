"""Packets find their session; nobody else's do, and no bytes break the port."""

from hypothesis import given
from hypothesis import strategies as st

from sessions_app.audio.datagrams import Datagram, ping, write_datagram
from sessions_app.audio.udp_port import UdpPort
from sessions_app.audio.udp_source import SILENT_SECONDS, WATCH_SECONDS
from tests.sessions_app.audio.conftest import Sound, make_sound
from tests.support.fake_clock import FakeClock

ADDRESS = ("10.0.0.1", 4000)


def test_each_packet_goes_to_the_session_it_names() -> None:
    port, ada, bob = UdpPort(FakeClock()), make_sound(), make_sound("bob@example.com")
    assert port.register(ada.intake.udp)
    assert port.register(bob.intake.udp)
    for sound, text in ((ada, b"to ada"), (bob, b"to bob")):
        port.datagram_received(write_datagram(Datagram(sound.intake.udp.user_hash, 1, text)), ADDRESS)
    assert (ada.ear.heard, bob.ear.heard) == ([b"to ada"], [b"to bob"])


def test_a_hash_that_belongs_to_another_user_is_refused(sound: Sound) -> None:
    port, other = UdpPort(FakeClock()), make_sound("other@example.com")
    other.intake.udp.user_hash = sound.intake.udp.user_hash
    assert port.register(sound.intake.udp)
    assert not port.register(other.intake.udp)
    port.forget(other.intake.udp)
    assert len(port) == 1


def test_the_same_user_may_register_again(sound: Sound) -> None:
    port = UdpPort(FakeClock())
    assert port.register(sound.intake.udp)
    assert port.register(make_sound().intake.udp)
    assert len(port) == 1


def test_who_unregistered_hears_nothing_and_gets_no_answer(sound: Sound) -> None:
    port = UdpPort(FakeClock())
    port.register(sound.intake.udp)
    port.forget(sound.intake.udp)
    port.datagram_received(write_datagram(ping(sound.intake.udp.user_hash)), ADDRESS)
    assert sound.pongs == []


def test_a_source_that_hears_nothing_is_given_up(sound: Sound) -> None:
    port = UdpPort(sound.clock)
    port.register(sound.intake.udp)
    sound.clock.advance(SILENT_SECONDS + WATCH_SECONDS)
    assert len(port) == 0
    assert not port.register(sound.intake.udp)


@given(st.lists(st.binary(max_size=1200), max_size=30))
def test_no_bytes_break_it(packets: list[bytes]) -> None:
    port, sound = UdpPort(FakeClock()), make_sound()
    sound.intake.udp.hand_out_key()
    port.register(sound.intake.udp)
    head = sound.intake.udp.user_hash.to_bytes(4, "big")
    for packet in packets:
        port.datagram_received(packet, ADDRESS)
        port.datagram_received(head + packet, ADDRESS)
    sound.clock.advance(1)
    assert sound.ear.heard == []
