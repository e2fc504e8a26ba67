"""Sound by socket and by UDP: decoded, one way at a time, counted."""

from sessions_app.audio.formats import PCM, AudioFormat
from sessions_app.audio.intake import UDP_FIRST_SECONDS
from sessions_app.audio.lc3 import PCM_BYTES
from sessions_app.audio.udp_source import SoundCounts
from tests.sessions_app.audio.conftest import Sound, make_sound


def test_while_sound_comes_by_udp_the_socket_is_not_heard(sound: Sound) -> None:
    sound.intake.take(b"so")
    sound.intake.take_datagram(b"ud")
    sound.intake.take(b"so")
    sound.clock.advance(UDP_FIRST_SECONDS)
    sound.intake.take(b"SO")
    assert sound.ear.heard == [b"so", b"ud", b"SO"]
    assert sound.intake.take_counts() == SoundCounts(received_bytes=6, dropped=1)
    assert sound.intake.take_counts() == SoundCounts()


def test_lc3_is_heard_as_pcm(sound: Sound) -> None:
    sound.intake.configure(AudioFormat(20))
    sound.intake.take(bytes(60))
    assert [len(frame) for frame in sound.ear.heard] == [3 * PCM_BYTES]


def test_a_new_configuration_forgets_half_a_sample(sound: Sound) -> None:
    sound.intake.take(b"abc")
    sound.intake.configure(PCM)
    sound.intake.take(b"de")
    assert sound.ear.heard == [b"ab", b"de"]


def test_half_a_sample_does_not_shift_the_sound_that_comes_another_way(sound: Sound) -> None:
    sound.intake.take(b"abc")
    sound.intake.take_datagram(b"de")
    sound.intake.take_datagram(b"fgh")
    sound.clock.advance(UDP_FIRST_SECONDS)
    sound.intake.take(b"ij")
    assert sound.ear.heard == [b"ab", b"de", b"fg", b"ij"]


def test_the_next_owner_understands_the_same_sound(sound: Sound) -> None:
    sound.intake.configure(AudioFormat(40))
    key = sound.intake.udp.hand_out_key()
    heir = make_sound()
    heir.intake.restore(sound.intake.snapshot())
    assert heir.intake.format == AudioFormat(40)
    assert heir.intake.udp.hand_out_key() == key


def test_a_snapshot_of_before_is_understood(sound: Sound) -> None:
    sound.intake.restore({})
    assert sound.intake.format == PCM
    assert sound.intake.snapshot() == {"lc3": None, "udpKey": ""}
