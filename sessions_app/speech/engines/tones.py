"""Words written into sound as tones, so that whoever hears the sound, wherever, hears the same words.

A word is a low tone, then one short tone for each of its letters; silence ends it. It is read from its end backwards,
so that a word whose beginning was not heard is understood as well. Quick enough for an event loop.
"""

import sys
from array import array
from collections.abc import Iterator, Sequence
from typing import Final

from sessions_app.speech.wire import SAMPLE_RATE

LETTERS: Final = "abcdefghijklmnopqrstuvwxyz0123456789'-"
CARRIER_HERTZ: Final = 300
CARRIER_SAMPLES: Final = 240 * 16
LETTER_SAMPLES: Final = 30 * 16
PAUSE_SAMPLES: Final = 60 * 16
_FIRST_HERTZ, _STEP_HERTZ = 500, 60
_BETWEEN_CARRIER_AND_LETTERS = 400
_EDGE_SAMPLES = 3 * 16
_FRAME_SAMPLES = 10 * 16
_LOUD = 1500
_FRAMES_OF_SILENCE = 3


def hertz_of(letter: str) -> int:
    """Return the tone of a letter; raises ValueError for one that has none."""
    return _FIRST_HERTZ + _STEP_HERTZ * LETTERS.index(letter)


class TonesReader:
    """Reads words from pieces of PCM16 of any length."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self._rest = array("h")
        self._word = array("h")
        self._silent_frames = 0

    @property
    def text(self) -> str:
        """The words that are complete."""
        return " ".join(self.words)

    def feed(self, samples: bytes) -> None:
        """Take a piece of sound."""
        self._rest.extend(_read(samples))
        whole = len(self._rest) - len(self._rest) % _FRAME_SAMPLES
        for begin in range(0, whole, _FRAME_SAMPLES):
            self._take(self._rest[begin : begin + _FRAME_SAMPLES])
        del self._rest[:whole]

    def finish(self) -> str:
        """Take the end of the sound for the end of a word; return all words."""
        self._word.extend(self._rest)
        del self._rest[:]
        self._end_word()
        return self.text

    def _take(self, frame: "array[int]") -> None:
        if max(frame) > _LOUD or min(frame) < -_LOUD:
            self._silent_frames = 0
            self._word.extend(frame)
        elif self._word:
            self._silent_frames += 1
            self._word.extend(frame)
            if self._silent_frames >= _FRAMES_OF_SILENCE:
                self._end_word()

    def _end_word(self) -> None:
        word = "".join(_letters_backwards(self._word))[::-1]
        self._word = array("h")
        self._silent_frames = 0
        if word:
            self.words.append(word)


def _letters_backwards(sound: Sequence[int]) -> Iterator[str]:
    loud = [index for index in range(max(0, len(sound) - 1000), len(sound)) if abs(sound[index]) > _LOUD]
    end = loud[-1] + 1 if loud else 0
    while end >= LETTER_SAMPLES:
        hertz = _hertz(sound[end - LETTER_SAMPLES + _EDGE_SAMPLES : end - _EDGE_SAMPLES])
        if hertz < _BETWEEN_CARRIER_AND_LETTERS:
            return
        yield LETTERS[min(max(0, round((hertz - _FIRST_HERTZ) / _STEP_HERTZ)), len(LETTERS) - 1)]
        end -= LETTER_SAMPLES


def _hertz(sound: Sequence[int]) -> float:
    """Measure a tone between the first and the last time that it passes through zero."""
    crossings = [
        index - sound[index] / (sound[index] - sound[index - 1])
        for index in range(1, len(sound))
        if (sound[index - 1] < 0) != (sound[index] < 0)
    ]
    if len(crossings) < 2:  # noqa: PLR2004
        return 0.0
    return (len(crossings) - 1) * SAMPLE_RATE / 2 / (crossings[-1] - crossings[0])


def _read(samples: bytes) -> "array[int]":
    read = array("h", samples)
    if sys.byteorder == "big":
        read.byteswap()
    return read
