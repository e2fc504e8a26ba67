"""Sound of one channel that waits to be heard: in order, without overlaps, with its gaps marked, and bounded. Pure."""

from collections import deque
from collections.abc import Iterator
from enum import Enum, auto
from typing import Final, NamedTuple

from sessions_app.speech.wire import SAMPLE_BYTES

WINDOW_SAMPLES: Final = 512
WINDOW_BYTES: Final = WINDOW_SAMPLES * SAMPLE_BYTES


class Mark(Enum):
    """Something that is true from a place in the sound on."""

    GAP = auto()
    """Sound is missing here: what was under way is over."""
    VOICE = auto()
    """The phone says that somebody speaks."""
    SILENCE = auto()
    """The phone says that nobody speaks, or no more sound comes for now."""


class Piece(NamedTuple):
    """Whole windows of sound, and maybe a shorter last one, that begin at `position`."""

    position: int
    samples: bytes

    @property
    def windows(self) -> Iterator[bytes]:
        for begin in range(0, len(self.samples), WINDOW_BYTES):
            yield self.samples[begin : begin + WINDOW_BYTES]


class Marked(NamedTuple):
    """A mark at a position."""

    position: int
    mark: Mark


Step = Piece | Marked


class Intake:
    """Takes pieces by position; gives whole windows, and what is left of one before a mark."""

    def __init__(self, position: int, most_samples: int) -> None:
        self.expected = position
        self._most_samples = most_samples
        self._done: deque[Step] = deque()
        self._done_samples = 0
        self._open = bytearray()

    @property
    def waiting_samples(self) -> int:
        return self._done_samples + len(self._open) // SAMPLE_BYTES

    @property
    def has_marks(self) -> bool:
        """Whether something is to be looked at without waiting for more sound."""
        return bool(self._done)

    def add(self, position: int, samples: bytes) -> int:
        """Take a piece; return how many samples had to be dropped, the oldest first.

        What is here already is skipped; a position beyond the expected one leaves a gap.
        """
        if position > self.expected:
            self.mark(Mark.GAP, position)
        elif position < self.expected:
            samples = samples[(self.expected - position) * SAMPLE_BYTES :]
        self._open += samples
        self.expected += len(samples) // SAMPLE_BYTES
        return self._drop_oldest() if self.waiting_samples > self._most_samples else 0

    def mark(self, mark: Mark, position: int | None = None) -> None:
        """Put a mark at the end of the sound; with a position, sound goes on there."""
        self._close_piece()
        self.expected = self.expected if position is None else position
        self._done.append(Marked(self.expected, mark))

    def take(self) -> list[Step]:
        """Return what can be heard now."""
        steps = list(self._done)
        self._done.clear()
        self._done_samples = 0
        whole = len(self._open) - len(self._open) % WINDOW_BYTES
        if whole:
            begin = self.expected - len(self._open) // SAMPLE_BYTES
            steps.append(Piece(begin, bytes(self._open[:whole])))
            del self._open[:whole]
        return steps

    def _close_piece(self) -> None:
        if self._open:
            length = len(self._open) // SAMPLE_BYTES
            self._done.append(Piece(self.expected - length, bytes(self._open)))
            self._done_samples += length
            self._open.clear()

    def _drop_oldest(self) -> int:
        """Leave half of what may wait, so that the hole is one and not many."""
        self._close_piece()
        dropped, most = 0, self._most_samples // 2
        kept: deque[Step] = deque()
        while self._done_samples > most:
            step = self._done.popleft()
            if isinstance(step, Marked):
                if step.mark is not Mark.GAP:
                    kept.append(step)
                continue
            length = len(step.samples) // SAMPLE_BYTES
            let_go = min(length, self._done_samples - most)
            dropped += let_go
            self._done_samples -= let_go
            if let_go < length:
                self._done.appendleft(Piece(step.position + let_go, step.samples[let_go * SAMPLE_BYTES :]))
        goes_on = next((step.position for step in self._done), self.expected)
        self._done.extendleft([*reversed(kept), Marked(goes_on, Mark.GAP)])
        return dropped
