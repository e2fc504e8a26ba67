"""Whose packets count, sealed or not, and when UDP is given up (media §8)."""

import base64

from sessions_app.audio.datagrams import Datagram, Seal, ping
from sessions_app.audio.reordering import LONGEST_WAIT_SECONDS
from sessions_app.audio.udp_source import MOST_BAD_SEALS, SILENT_SECONDS
from tests.sessions_app.audio.conftest import Sound

PHONE, STRANGER = ("10.0.0.1", 4000), ("10.0.0.2", 4000)


def _packet(sound: Sound, number: int, payload: bytes) -> Datagram:
    return Datagram(sound.intake.udp.user_hash, number, payload)


def test_a_ping_is_answered_and_says_where_the_phone_is(sound: Sound) -> None:
    udp = sound.intake.udp
    udp.take(ping(udp.user_hash), PHONE)
    udp.take(_packet(sound, 1, b"no"), STRANGER)
    udp.take(_packet(sound, 1, b"ok"), PHONE)
    assert len(sound.pongs) == 1
    assert sound.ear.heard == [b"ok"]
    assert sound.intake.counts.dropped == 1


def test_a_phone_with_a_new_address_pings_first(sound: Sound) -> None:
    udp = sound.intake.udp
    udp.take(_packet(sound, 1, b"ab"), PHONE)
    udp.take(ping(udp.user_hash), STRANGER)
    udp.take(_packet(sound, 2, b"cd"), STRANGER)
    assert sound.ear.heard == [b"ab", b"cd"]


def test_with_a_key_only_sealed_sound_counts_from_wherever_it_comes(sound: Sound) -> None:
    seal = Seal(base64.b64decode(sound.intake.udp.hand_out_key()))
    sound.intake.udp.take(_packet(sound, 1, b"plain sound that is long enough to be sealed"), PHONE)
    sound.intake.udp.take(_packet(sound, 1, seal.close(b"ab")), PHONE)
    sound.intake.udp.take(_packet(sound, 2, seal.close(b"cd")), STRANGER)
    assert sound.ear.heard == [b"ab", b"cd"]
    assert sound.intake.counts.dropped == 1


def test_a_phone_that_seals_wrongly_is_given_up(sound: Sound) -> None:
    udp = sound.intake.udp
    udp.hand_out_key()
    for number in range(MOST_BAD_SEALS):
        assert not udp.has_given_up
        udp.take(_packet(sound, number + 1, bytes(60)), PHONE)
    assert udp.has_given_up
    udp.take(ping(udp.user_hash), PHONE)
    assert sound.pongs == []


def test_a_good_seal_forgives_the_bad_ones_before(sound: Sound) -> None:
    udp = sound.intake.udp
    seal = Seal(base64.b64decode(udp.hand_out_key()))
    for number in range(2 * MOST_BAD_SEALS):
        payload = bytes(60) if number % 10 else seal.close(b"ok")
        udp.take(_packet(sound, number + 1, payload), PHONE)
    assert not udp.has_given_up


def test_what_waits_for_a_lost_packet_is_heard_20_ms_later(sound: Sound) -> None:
    for number in (1, 3):
        sound.intake.udp.take(_packet(sound, number, b"%02d" % number), PHONE)
    assert sound.ear.heard == [b"01"]
    sound.clock.advance(LONGEST_WAIT_SECONDS)
    assert sound.ear.heard == [b"01", b"03"]
    assert sound.intake.counts.lost == 1


def test_only_a_microphone_that_is_on_makes_silence_suspicious(sound: Sound) -> None:
    udp = sound.intake.udp
    udp.take(_packet(sound, 1, b"ab"), PHONE)
    sound.clock.advance(SILENT_SECONDS - 1)
    assert not udp.is_silent()
    sound.clock.advance(1)
    assert udp.is_silent()
    sound.intake.take(b"by socket")
    assert not udp.is_silent()
    sound.intake.microphone.phone_lost()
    sound.clock.advance(10 * SILENT_SECONDS)
    assert not udp.is_silent()


def test_nothing_is_heard_after_the_end(sound: Sound) -> None:
    for number in (1, 3):
        sound.intake.udp.take(_packet(sound, number, b"%02d" % number), PHONE)
    sound.intake.close()
    sound.clock.advance(1)
    assert sound.ear.heard == [b"01"]
