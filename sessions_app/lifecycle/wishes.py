"""What subscriptions ask of recognisers: one per distinct language setting of a user (streams-and-permissions §12).

Pure: knows no session and no worker.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from sessions_app.protocol.streams import ANY_LANGUAGE, StreamKey, StreamName
from sessions_app.speech.wire import RecognizerWish
from sessions_app.streams.languages import recognizer_locale
from sessions_app.streams.rules import SPEECH_STREAMS

MOST_RECOGNIZERS: Final = 16
MOST_TARGETS: Final = 16
MOST_HINTS: Final = 50
MOST_VOCABULARY: Final = 500


class Listening(NamedTuple):
    """What one app, or the phone, listens to; `config` is its `transcription_config`, if it sent one."""

    keys: tuple[StreamKey, ...]
    config: Mapping[str, Any] | None = None


@dataclass(slots=True)
class _Wish:
    """A wish that grows with each app that shares the recogniser. The dictionaries are sets that keep their order."""

    transcribes: bool = False
    targets: dict[str, None] = field(default_factory=dict)
    hints: dict[str, None] = field(default_factory=dict)
    vocabulary: dict[str, None] = field(default_factory=dict)
    diarization: bool = False
    identify_language: bool = False

    def add(self, key: StreamKey, config: Mapping[str, Any]) -> None:
        self.transcribes |= key.stream == StreamName.TRANSCRIPTION
        if key.target is not None:
            self.targets[recognizer_locale(key.target)] = None
        self.hints.update(dict.fromkeys((*key.hints, *(config.get("languageHints") or ()))))
        self.vocabulary.update(dict.fromkeys(config.get("vocabulary") or ()))
        self.diarization |= bool(config.get("diarization"))
        self.identify_language |= key.identify_language


def setting_of(key: StreamKey) -> str:
    """Return the language setting of the recogniser that a subscription to speech needs: a locale or `auto`."""
    return recognizer_locale(key.language or key.source or ANY_LANGUAGE)


def recognizer_wishes(listening: Iterable[Listening]) -> tuple[RecognizerWish, ...]:
    """Return the recognisers that are needed, each shared by all who need it; too many are cut off."""
    wishes: dict[str, _Wish] = {}
    for each in listening:
        for key in each.keys:
            if key.stream in SPEECH_STREAMS:
                wishes.setdefault(setting_of(key), _Wish()).add(key, each.config or {})
    return tuple(
        RecognizerWish(
            setting,
            transcribes=wish.transcribes,
            targets=tuple(wish.targets)[:MOST_TARGETS],
            hints=tuple(wish.hints)[:MOST_HINTS],
            vocabulary=tuple(wish.vocabulary)[:MOST_VOCABULARY],
            diarization=wish.diarization,
            identify_language=wish.identify_language,
        )
        for setting, wish in list(wishes.items())[:MOST_RECOGNIZERS]
    )


def wants_voice(listening: Iterable[Listening]) -> bool:
    """Whether anybody wants to know when somebody speaks."""
    return any(key.stream == StreamName.VAD for each in listening for key in each.keys)


def minimum_languages(keys: Iterable[StreamKey]) -> tuple[str, ...]:
    """Return the languages that have to be recognised, sorted; `auto` is none (glasses-socket §2.1)."""
    settings = {setting_of(key) for key in keys if key.stream in SPEECH_STREAMS}
    return tuple(sorted(settings - {ANY_LANGUAGE}))
