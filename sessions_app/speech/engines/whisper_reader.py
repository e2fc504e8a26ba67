"""What is asked of a Whisper model for one recogniser: the language, the words, and their English.

Called in threads. Must not know sessions or the event loop.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from sessions_app.speech.engine import Heard
from sessions_app.speech.engines.local_recognizer import Found
from sessions_app.speech.engines.whisper_rules import (
    AUTO,
    ENGLISH,
    choose_language,
    confidence_of,
    is_nothing,
    prompt_of,
    usual_code,
    whisper_code,
)
from sessions_app.speech.wire import RecognizerWish

if TYPE_CHECKING:
    from sessions_app.speech.engines.whisper_model import Encoded, Reading, WhisperModel

_SURE_OF_LANGUAGE: Final = 0.8


class WhisperReader:
    """Remembers the language of the utterance that it read last, by Whisper's own code."""

    def __init__(self, model: "WhisperModel") -> None:
        self._model = model
        self._utterance = ""
        self._language = ""
        self._language_before = ""

    def read(self, utterance: str, sound: bytes, wish: RecognizerWish, *, is_final: bool) -> Iterator[Found]:
        """Yield the words, and their English when it is wished for: of interim results, one of the two."""
        if utterance != self._utterance:
            self._utterance, self._language = utterance, ""
        encoded = self._model.encode(sound, is_quick=not is_final)
        language = self._language_of(encoded, wish, is_final)
        targets = [target for target in wish.targets if whisper_code(target) == ENGLISH]
        is_english = language == ENGLISH
        heard: Heard | None = None
        if is_final or wish.transcribes or not targets or is_english:
            reading = self._model.read(encoded, language, prompt=prompt_of(wish.vocabulary))
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
        self._language_before = self._language
        return self._language


def _heard(reading: "Reading", wish: RecognizerWish, language: str, is_final: bool) -> Heard:
    if is_nothing(reading.text, reading.log_probability, reading.no_speech):
        return Heard("", is_final, _told(language, wish))
    confidence = confidence_of(reading.log_probability)
    return Heard(reading.text, is_final, _told(language, wish), confidence)


def _told(language: str, wish: RecognizerWish) -> str:
    """Return the language that is told: as asked for, or the detected one."""
    return usual_code(language) if wish.setting == AUTO else wish.setting
