"""Bringing packets of sound back into their order (media §8.4). Pure: functions of packets and time.

Times are seconds of a steady clock.
"""

from typing import Final

MOST_HELD: Final = 10
LONGEST_WAIT_SECONDS: Final = 0.020
LARGEST_GAP: Final = 50
_NUMBERS: Final = 1 << 16


class Reordering:
    """Holds packets that came too early, briefly; drops what comes twice or too late.

    `lost` counts numbers that never came in time, `late` packets that came after their turn or twice.
    """

    __slots__ = ("_held", "_next", "late", "lost")

    def __init__(self) -> None:
        self._next: int | None = None
        self._held: dict[int, tuple[float, bytes]] = {}
        self.lost = 0
        self.late = 0

    @property
    def wakes_at(self) -> float | None:
        """When `due` must be asked, because what is missing is not waited for any longer; None: never."""
        if not self._held:
            return None
        return min(came for came, _ in self._held.values()) + LONGEST_WAIT_SECONDS

    def take(self, sequence: int, payload: bytes, now: float) -> list[bytes]:
        """Take a packet; return what is played now, in order."""
        if self._next is None:
            self._next = sequence
        ahead = self._ahead(sequence)
        if LARGEST_GAP < ahead < _NUMBERS - LARGEST_GAP:
            return self._begin_anew(sequence, payload)
        if ahead >= _NUMBERS - LARGEST_GAP or sequence in self._held:
            self.late += 1
            return []
        self._held[sequence] = (now, payload)
        played = self._play()
        while len(self._held) > MOST_HELD:
            played += self._skip()
        return played

    def due(self, now: float) -> list[bytes]:
        """Return what is played because what is missing before it was waited for long enough."""
        played: list[bytes] = []
        while (at := self.wakes_at) is not None and now >= at:
            played += self._skip()
        return played

    def _begin_anew(self, sequence: int, payload: bytes) -> list[bytes]:
        """Go on at a number that has nothing to do with those before: the phone began to count again."""
        played = [self._held[number][1] for number in sorted(self._held, key=self._ahead)]
        self._held.clear()
        self._next = (sequence + 1) % _NUMBERS
        return [*played, payload]

    def _ahead(self, number: int) -> int:
        return (number - (self._next or 0)) % _NUMBERS

    def _play(self) -> list[bytes]:
        played = []
        while self._next in self._held:
            played.append(self._held.pop(self._next)[1])
            self._next = (self._next + 1) % _NUMBERS
        return played

    def _skip(self) -> list[bytes]:
        """Give up what is missing before the earliest packet held."""
        earliest = min(self._held, key=self._ahead)
        self.lost += self._ahead(earliest)
        self._next = earliest
        return self._play()
