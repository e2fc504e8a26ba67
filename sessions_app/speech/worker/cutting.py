"""Where utterances begin and end in the sound of one channel. Pure: knows the sound window by window, and no clock.

Speech counts once there is enough of it; a short noise is none. An utterance ends by silence, which may be the
shorter the longer the utterance is already; one that has no pause at all is cut at the quietest place near its limit.
"""

from array import array
from collections import deque
from dataclasses import dataclass
from typing import Final, NamedTuple

from sessions_app.speech.wire import SAMPLE_BYTES, SAMPLE_RATE

ON, OFF = 0.5, 0.35
"""A voice begins at this likelihood, and goes on above that one."""
RUN_UP_SAMPLES: Final = int(0.3 * SAMPLE_RATE)
_HELD_BACK_SECONDS = 1.0
_SHORTEST_PAUSE_SECONDS = 0.06
# From this part of its longest length on, an utterance ends at ever shorter pauses.
_IMPATIENT_FROM = 0.6


class Began(NamedTuple):
    """An utterance: its sound begins at `position`, and the voice in it at `voice`."""

    position: int
    voice: int


class More(NamedTuple):
    """A piece of the utterance's sound."""

    samples: bytes


class Ended(NamedTuple):
    """The utterance is over; `voice` is where its voice was last heard."""

    voice: int


Cut = Began | More | Ended


@dataclass(frozen=True)
class Limits:
    """How long a silence ends an utterance, how long one may be, and how much speech makes one; in seconds."""

    silence: float = 0.5
    longest: float = 15.0
    least_speech: float = 0.25

    def patience(self, samples: int) -> float:
        """Return how many samples of silence end an utterance that is this long."""
        late = (samples / SAMPLE_RATE / self.longest - _IMPATIENT_FROM) / (1 - _IMPATIENT_FROM)
        seconds = self.silence - max(0.0, late) * (self.silence - _SHORTEST_PAUSE_SECONDS)
        return max(seconds, _SHORTEST_PAUSE_SECONDS) * SAMPLE_RATE


class _Window(NamedTuple):
    position: int
    samples: bytes
    probability: float

    @property
    def length(self) -> int:
        return len(self.samples) // SAMPLE_BYTES

    @property
    def end(self) -> int:
        return self.position + self.length

    @property
    def loudness(self) -> float:
        return sum(map(abs, array("h", self.samples))) / max(1, self.length)


class Cutter:
    """Takes windows of sound with the likelihood that somebody speaks in them; says what belongs to utterances."""

    def __init__(self, limits: Limits, position: int) -> None:
        self._limits = limits
        self._position = position
        self._recent: deque[_Window] = deque()
        self._maybe: list[_Window] = []
        self._held: list[_Window] = []
        self._begin: int | None = None
        self._speech = 0
        self._quiet = 0
        self._awaits_voice = False

    @property
    def is_speaking(self) -> bool:
        """Whether an utterance is under way."""
        return self._begin is not None

    @property
    def position(self) -> int:
        """Up to where sound was taken."""
        return self._position

    @property
    def settled(self) -> int:
        """Before this position is nothing that may still belong to an utterance that has not ended."""
        if self._begin is not None:
            return self._begin
        waiting = self._maybe or self._recent
        return waiting[0].position if waiting else self._position

    def take(self, samples: bytes, probability: float) -> list[Cut]:
        """Take the next window."""
        window = _Window(self._position, samples, probability)
        self._position += window.length
        self._recent.append(window)
        while self._position - self._recent[0].end > RUN_UP_SAMPLES:
            self._recent.popleft()
        if self._begin is not None:
            return self._go_on(self._begin, window)
        if self._maybe:
            self._maybe.append(window)
            return self._consider(window)
        if probability < ON:
            return []
        self._maybe = list(self._recent)
        return self._consider(window)

    def believe(self) -> list[Cut]:
        """Take somebody's word that speech begins now."""
        if self._begin is not None:
            return []
        self._maybe = self._maybe or list(self._recent)
        self._awaits_voice = self._speech == 0
        return self._start(self._position)

    def finish(self) -> list[Cut]:
        """End what is under way; what comes next stands for itself."""
        cuts = [] if self._begin is None else self._end()
        self._forget_noise()
        self._recent.clear()
        return cuts

    def skip_to(self, position: int) -> None:
        """Go on elsewhere, after `finish`: the sound before was not heard."""
        self._position = position

    def _consider(self, window: _Window) -> list[Cut]:
        if window.probability >= OFF:
            self._speech += window.length
            self._quiet = 0
        else:
            self._quiet += window.length
        if self._speech >= self._limits.least_speech * SAMPLE_RATE:
            return self._start(next(each.position for each in self._maybe if each.probability >= ON))
        if self._quiet >= self._limits.silence * SAMPLE_RATE:
            self._forget_noise()
        return []

    def _forget_noise(self) -> None:
        self._maybe = []
        self._speech = self._quiet = 0

    def _start(self, voice: int) -> list[Cut]:
        sound = self._maybe
        self._begin = begin = sound[0].position if sound else self._position
        self._forget_noise()
        return [Began(begin, voice), *_more(sound)]

    def _go_on(self, begin: int, window: _Window) -> list[Cut]:
        if window.probability >= (ON if self._awaits_voice else OFF):
            self._awaits_voice = False
            self._quiet = 0
        elif not self._awaits_voice:
            self._quiet += window.length
        length = self._position - begin
        cuts: list[Cut] = []
        if length > (self._limits.longest - _HELD_BACK_SECONDS) * SAMPLE_RATE:
            self._held.append(window)
        else:
            cuts += _more([window])
        if self._quiet and self._quiet >= self._limits.patience(length):
            return [*cuts, *self._end()]
        if length >= self._limits.longest * SAMPLE_RATE:
            return [*cuts, *(self._end() if self._awaits_voice else self._end_at_quietest())]
        return cuts

    def _end_at_quietest(self) -> list[Cut]:
        held, self._held = self._held, []
        quietest = min(range(len(held) - 1), key=lambda index: held[index].loudness)
        first, rest = held[: quietest + 1], held[quietest + 1 :]
        self._begin = begin = rest[0].position
        return [*_more(first), Ended(begin), Began(begin, begin), *_more(rest)]

    def _end(self) -> list[Cut]:
        """A voice that begins softly may begin inside the last silence: that is run-up of the next utterance."""
        held, self._held = self._held, []
        ended = Ended(self._position - self._quiet)
        while self._recent and self._recent[0].position < ended.voice:
            self._recent.popleft()
        self._begin, self._awaits_voice = None, False
        self._forget_noise()
        return [*_more(held), ended]


def _more(windows: list[_Window]) -> list[Cut]:
    return [More(b"".join(window.samples for window in windows))] if windows else []
