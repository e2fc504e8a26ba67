"""The whole way of sound by UDP over a network that loses, doubles and mixes up packets, among forged ones.

Whatever arrives: nothing breaks, nothing of strangers is heard once the phone is known, what is heard keeps the phone's
order, and what waits is bounded.
"""

import base64
import random

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from sessions_app.audio.datagrams import Datagram, Seal, ping, write_datagram
from sessions_app.audio.formats import PCM, AudioFormat
from sessions_app.audio.intake import UDP_FIRST_SECONDS
from sessions_app.audio.lc3 import FRAME_BYTES, PCM_BYTES
from sessions_app.audio.reordering import LONGEST_WAIT_SECONDS, MOST_HELD
from sessions_app.audio.udp_port import UdpPort
from tests.sessions_app.audio.conftest import Sound, make_sound
from tests.support.fake_clock import FakeClock

PHONE, STRANGER = ("10.0.0.1", 4000), ("10.0.0.2", 4000)
NUMBERS = 1 << 16
FORGED_KEY = bytes(32)
BY_SOCKET = b"\xff\xff"
# Packets are late by less than what counts as a new beginning.
MOST_UNDER_WAY = 30


def text_of(number: int) -> bytes:
    return b"%08d" % number


class UdpPath(RuleBasedStateMachine):
    """A phone, a stranger and the network between them and a node."""

    @initialize(first=st.sampled_from([1, 7, NUMBERS - 20]))
    def arrive(self, first: int) -> None:
        self.first, self.sent = first, 0
        self.seal: Seal | None = None
        self.is_pcm_only = True
        self.under_way: list[tuple[int, bytes]] = []
        self.port = UdpPort(FakeClock())
        self.ada, self.bob = make_sound(), make_sound("bob@example.com")
        for sound in (self.ada, self.bob):
            assert self.port.register(sound.intake.udp)
        self._receive(write_datagram(ping(self.ada.intake.udp.user_hash)), PHONE)

    @rule(count=st.integers(1, 6))
    def send(self, count: int) -> None:
        for _ in range(count):
            payload = text_of(self.sent)
            payload = self.seal.close(payload) if self.seal else payload
            number = (self.first + self.sent) % NUMBERS
            packet = write_datagram(Datagram(self.ada.intake.udp.user_hash, number, payload))
            self.under_way.append((self.sent, packet))
            self.sent += 1
        self.under_way = [each for each in self.under_way if each[0] > self.sent - MOST_UNDER_WAY]

    @rule(choice=st.integers(0, MOST_UNDER_WAY), stays=st.booleans())
    def deliver(self, choice: int, stays: bool) -> None:
        """Any packet arrives; one that stays will arrive again."""
        if self.under_way:
            index = choice % len(self.under_way)
            packet = self.under_way[index][1] if stays else self.under_way.pop(index)[1]
            self._receive(packet, PHONE)

    @rule()
    def deliver_all(self) -> None:
        for _, packet in self.under_way:
            self._receive(packet, PHONE)
        self.under_way.clear()

    @rule(choice=st.integers(0, MOST_UNDER_WAY))
    def lose(self, choice: int) -> None:
        if self.under_way:
            del self.under_way[choice % len(self.under_way)]

    @rule(number=st.integers(0, NUMBERS - 1), payload=st.binary(max_size=2000), is_sealed=st.booleans())
    def forge(self, number: int, payload: bytes, is_sealed: bool) -> None:
        """A stranger knows the user's hash, not the key; sizes are those of datagrams and beyond."""
        payload = Seal(FORGED_KEY).close(payload) if is_sealed else payload
        address = PHONE if self.seal else STRANGER
        if (number, payload) != (0, b"PING"):
            self._receive(write_datagram(Datagram(self.ada.intake.udp.user_hash, number, payload)), address)

    @rule(data=st.binary(max_size=2000))
    def babble(self, data: bytes) -> None:
        """Bytes for a hash that nobody has."""
        hashes = {one.intake.udp.user_hash.to_bytes(4, "big") for one in (self.ada, self.bob)}
        if data[:4] not in hashes:
            self._receive(data, STRANGER)

    @rule(frame_bytes=st.sampled_from([None, *FRAME_BYTES]))
    def configure(self, frame_bytes: int | None) -> None:
        self.is_pcm_only = self.is_pcm_only and frame_bytes is None
        self.ada.intake.configure(AudioFormat(frame_bytes))

    @rule(seconds=st.sampled_from([0.001, LONGEST_WAIT_SECONDS, UDP_FIRST_SECONDS]))
    def wait(self, seconds: float) -> None:
        self.ada.clock.advance(seconds)

    @rule(size=st.integers(0, 700))
    def send_by_socket(self, size: int) -> None:
        self.ada.intake.take((BY_SOCKET * size)[:size])

    @rule()
    def get_key(self) -> None:
        """From now on the phone seals; what is under way in plain comes too late."""
        self.seal = Seal(base64.b64decode(self.ada.intake.udp.hand_out_key()))
        self.under_way.clear()

    @rule()
    def move(self) -> None:
        """Another node takes the session over, and knows the phone's key and the form of its sound."""
        heir = make_sound()
        heir.intake.restore(self.ada.intake.snapshot())
        self.ada.intake.close()
        self._check()
        self.port.forget(self.ada.intake.udp)
        self.ada = heir
        self.is_pcm_only = heir.intake.format == PCM
        assert self.port.register(heir.intake.udp)
        self._receive(write_datagram(ping(heir.intake.udp.user_hash)), PHONE)

    @invariant()
    def whole_samples_only(self) -> None:
        if not hasattr(self, "ada"):
            return
        assert all(frame and len(frame) % 2 == 0 for frame in self.ada.ear.heard)
        assert self.bob.ear.heard == []
        wakes_at = self.ada.intake.udp._reordering.wakes_at
        assert wakes_at is None or wakes_at <= self.ada.clock.monotonic() + LONGEST_WAIT_SECONDS
        assert len(self.ada.intake.udp._reordering._held) <= MOST_HELD

    def teardown(self) -> None:
        if hasattr(self, "ada"):
            self.ada.clock.advance(1.0)
            self._check()
            self.whole_samples_only()

    def _check(self) -> None:
        """What is heard is what the phone sent, each thing once, in its order."""
        if not self.is_pcm_only:
            return
        heard = [frame for frame in self.ada.ear.heard if frame.strip(BY_SOCKET)]
        numbers = [int(frame) for frame in heard]
        assert numbers == sorted(set(numbers))
        assert set(numbers) <= set(range(self.sent))

    def _receive(self, packet: bytes, address: tuple[str, int]) -> None:
        self.port.datagram_received(packet, address)


UdpPath.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestUdpPath = UdpPath.TestCase


def heard_after_loss(sound: Sound, seal: Seal | None, frames: list[bytes], dice: random.Random) -> int:
    """Send frames over a network that loses a tenth and lets some overtake others; return how many got lost."""
    udp, lost, held_back = sound.intake.udp, 0, list[Datagram]()
    for number, frame in enumerate(frames, start=1):
        packet = Datagram(udp.user_hash, number, seal.close(frame) if seal else frame)
        if dice.random() < 0.1:
            lost += 1
        elif dice.random() < 0.1:
            held_back.append(packet)
            continue
        else:
            udp.take(packet, PHONE)
        while held_back:
            udp.take(held_back.pop(), PHONE)
        sound.clock.advance(0.004)
    sound.clock.advance(1.0)
    return lost


def test_with_a_tenth_lost_the_rest_is_heard_in_order() -> None:
    for seed in range(5):
        sound = make_sound()
        seal = Seal(base64.b64decode(sound.intake.udp.hand_out_key())) if seed % 2 else None
        frames = [text_of(number) for number in range(500)]
        lost = heard_after_loss(sound, seal, frames, random.Random(seed))  # noqa: S311 - dice

        assert 20 < lost < 90
        assert sound.ear.heard == sorted(sound.ear.heard)
        # A packet that waits for its turn at the very end is not sent.
        assert len(frames) - lost - 1 <= len(sound.ear.heard) <= len(frames) - lost
        assert lost - 1 <= sound.intake.counts.lost <= lost
        assert sound.intake.counts.dropped == 0


def test_lc3_goes_on_over_lost_packets() -> None:
    sound = make_sound()
    sound.intake.configure(AudioFormat(40))
    frames = [bytes([number % 256]) * 40 for number in range(200)]
    lost = heard_after_loss(sound, None, frames, random.Random(7))  # noqa: S311 - dice

    assert {len(frame) for frame in sound.ear.heard} == {PCM_BYTES}
    assert len(frames) - lost - 1 <= len(sound.ear.heard) <= len(frames) - lost
