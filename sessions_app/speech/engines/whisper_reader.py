"""What is asked of a Whisper model for one recogniser: the language, the words, and their English.

Called in threads. Must not know sessions or the event loop.
"""

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from sessions_app.speech.engine import Heard
from sessions_app.speech.engines.local_recognizer import Found
from sessions_app.speech.engines.whisper_rules import (
    AUTO,
    ENGLISH,
    choose_language,
    confidence_of,
    is_nothing,
    is_repetitive,
    prompt_of,
    usual_code,
    whisper_code,
)
from sessions_app.speech.wire import RecognizerWish

if TYPE_CHECKING:
    from sessions_app.speech.engines.whisper_model import Encoded, Reading, WhisperModel

_SURE_OF_LANGUAGE: Final = 0.8
# Words that come this long after the last ones have little to do with them.
_SAME_THOUGHT_SECONDS: Final = 6.0
# Readings below this must not lead the next ones astray.
_DOUBTFUL_LOG_PROBABILITY: Final = -0.8


class WhisperReader:
    """Remembers what was said just before, and the language of that, by Whisper's own code."""

    def __init__(self, model: "WhisperModel", clock: Callable[[], float] = time.monotonic) -> None:
        self._model = model
        self._clock = clock
        self._utterance = ""
        self._language = ""
        self._language_before = ""
        self._before = ""
        self._before_at = 0.0

    def read(self, utterance: str, sound: bytes, wish: RecognizerWish, *, is_final: bool) -> Iterator[Found]:
        """Yield the words, and their English when it is wished for: of interim results, one of the two."""
        if utterance != self._utterance:
            self._begin(utterance)
        encoded = self._model.encode(sound, is_quick=not is_final)
        language = self._language_of(encoded, wish, is_final)
        targets = [target for target in wish.targets if whisper_code(target) == ENGLISH]
        is_english = language == ENGLISH
        heard: Heard | None = None
        if is_final or wish.transcribes or not targets or is_english:
            reading = self._read_words(encoded, language, wish, is_final)
            heard = _heard(reading, wish, language, is_final)
            yield Found(heard)
        if not targets or (heard is not None and not heard.text):
            return
        if not is_english:
            if heard is not None and not is_final:
                return
            reading = self._model.read(encoded, language, in_english=True)
            heard = Heard(
                reading.text, is_final, _told(language, wish), confidence_of(reading.log_probability)
            )
        if heard is not None:
            yield from (Found(heard, target) for target in targets)

    def _begin(self, utterance: str) -> None:
        """Forget what belongs to the utterance before, and what was said too long ago."""
        self._utterance, self._language_before, self._language = utterance, self._language, ""
        if self._clock() - self._before_at > _SAME_THOUGHT_SECONDS:
            self._before = ""

    def _read_words(
        self, encoded: "Encoded", language: str, wish: RecognizerWish, is_final: bool
    ) -> "Reading":
        """Return the words; final ones in the light of what was said just before."""
        vocabulary = prompt_of(wish.vocabulary)
        if not is_final:
            return self._model.read(encoded, language, vocabulary=vocabulary)
        before = self._before if language == self._language_before else ""
        reading = self._model.read(encoded, language, vocabulary=vocabulary, before=before)
        if before and (reading.text == before or _is_doubtful(reading)):
            reading = self._model.read(encoded, language, vocabulary=vocabulary)
        self._before = "" if _is_doubtful(reading) else reading.text
        self._before_at, self._language = self._clock(), language
        return reading

    def _language_of(self, encoded: "Encoded", wish: RecognizerWish, is_final: bool) -> str:
        """Return the language; detected, it stays for the utterance once it is clear."""
        if wish.setting != AUTO:
            return whisper_code(wish.setting)
        hints = [whisper_code(hint) for hint in wish.hints]
        if hints and not wish.identify_language:
            return hints[0]
        if not self._language:
            odds = self._model.odds_of_languages(encoded)
            language, sureness = choose_language(odds, hints, self._language_before)
            if sureness < _SURE_OF_LANGUAGE and not is_final:
                return language
            self._language = language
        return self._language


def _is_doubtful(reading: "Reading") -> bool:
    return reading.log_probability < _DOUBTFUL_LOG_PROBABILITY or is_repetitive(reading.text)


def _heard(reading: "Reading", wish: RecognizerWish, language: str, is_final: bool) -> Heard:
    if is_nothing(reading.text, reading.log_probability, reading.no_speech):
        return Heard("", is_final, _told(language, wish))
    confidence = confidence_of(reading.log_probability)
    return Heard(reading.text, is_final, _told(language, wish), confidence)


def _told(language: str, wish: RecognizerWish) -> str:
    """Return the language that is told: as asked for, or the detected one."""
    return usual_code(language) if wish.setting == AUTO else wish.setting
