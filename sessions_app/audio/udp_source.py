"""The sound that one session gets by UDP (media §8): whose packets count, opened, in order."""

import base64
import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from sessions_app.audio.datagrams import KEY_BYTES, Datagram, Seal, hash_of
from sessions_app.audio.microphone import Microphone
from sessions_app.audio.reordering import Reordering
from sessions_app.clock import Clock, Timer

logger = logging.getLogger(__name__)

Address = tuple[str, int]

MOST_BAD_SEALS = 50
WATCH_SECONDS = 5.0
SILENT_SECONDS = 15.0


@dataclass(slots=True)
class SoundCounts:
    """What came and what did not: all bytes, heard or not; packets that never came; messages dropped."""

    received_bytes: int = 0
    lost: int = 0
    dropped: int = 0


class SoundSink(Protocol):
    """Where the sound of packets goes."""

    microphone: Microphone
    counts: SoundCounts

    def take_datagram(self, sound: bytes) -> None:
        """Take what one packet carried, in its turn."""


class UdpSource:
    """Takes a session's packets. Plain ones come from the address of the last ping, sealed ones from anywhere.

    The key lives as long as the session (P-32); once the phone has it, plain sound is refused. `answer_ping` tells
    the phone over its socket that a ping came.
    """

    def __init__(self, user_id: str, sink: SoundSink, clock: Clock, answer_ping: Callable[[], None]) -> None:
        self.user_id = user_id
        self.user_hash = hash_of(user_id)
        self._sink = sink
        self._clock = clock
        self._answer_ping = answer_ping
        self._key = b""
        self._seal: Seal | None = None
        self._address: Address | None = None
        self._reordering = Reordering()
        self._timer: Timer | None = None
        self._heard_at = 0.0
        self._bad_seals = 0
        self.has_given_up = False

    def hand_out_key(self) -> str:
        """Return the session's key as base64; from now on only sealed sound counts."""
        if not self._key:
            self._use(secrets.token_bytes(KEY_BYTES))
        return self.snapshot()

    def take(self, datagram: Datagram, address: Address) -> None:
        """Take a packet that bears the session's hash."""
        if self.has_given_up:
            return
        if datagram.is_ping:
            self._address, self._heard_at = address, self._clock.monotonic()
            self._answer_ping()
            return
        sound = self._sound_of(datagram, address)
        if sound is None:
            self._sink.counts.dropped += 1
            return
        self._heard_at = now = self._clock.monotonic()
        self._play(self._reordering.take(datagram.sequence, sound, now))

    def is_silent(self) -> bool:
        """Whether the microphone is on and nothing came for so long that packets do not get through (media §8.5)."""
        since = self._sink.microphone.silent_since
        return since is not None and self._clock.monotonic() - max(since, self._heard_at) >= SILENT_SECONDS

    def give_up(self, why: str) -> None:
        """Take nothing more and answer no ping: the phone finds out and uses its socket."""
        self.has_given_up = True
        logger.warning("%s: no more sound by UDP: %s", self.user_id, why)
        self.close()

    def close(self) -> None:
        """Forget what waits for its turn."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def snapshot(self) -> str:
        """Return the key as base64 for the next owner; empty when none was handed out."""
        return base64.b64encode(self._key).decode()

    def restore(self, kept: Mapping[str, Any]) -> None:
        """Go on with the key that the phone got from the last owner."""
        if key := base64.b64decode(kept.get("udpKey", "")):
            self._use(key)

    def _use(self, key: bytes) -> None:
        self._key, self._seal = key, Seal(key)

    def _sound_of(self, datagram: Datagram, address: Address) -> bytes | None:
        if self._seal is None:
            if self._address is None:
                self._address = address
            return datagram.payload if address == self._address else None
        sound = self._seal.open(datagram.payload)
        if sound is not None:
            self._bad_seals = 0
            return sound
        self._bad_seals += 1
        if self._bad_seals >= MOST_BAD_SEALS:
            self.give_up(f"{MOST_BAD_SEALS} packets in a row were not sealed with the session's key")
        return None

    def _play(self, sounds: list[bytes]) -> None:
        for sound in sounds:
            self._sink.take_datagram(sound)
        self._sink.counts.lost += self._reordering.lost
        self._sink.counts.dropped += self._reordering.late
        self._reordering.lost = self._reordering.late = 0
        self._arm()

    def _arm(self) -> None:
        wakes_at = self._reordering.wakes_at
        if wakes_at is not None and self._timer is None:
            self._timer = self._clock.call_later(wakes_at - self._clock.monotonic(), self._wake)

    def _wake(self) -> None:
        self._timer = None
        self._play(self._reordering.due(self._clock.monotonic()))
