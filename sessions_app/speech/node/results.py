"""What recognisers make of a session's sound, on its way to the apps: each result once, and what is wrong."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sessions_app.outbound import metrics
from sessions_app.speech.node.heard import HeardWords
from sessions_app.speech.node.placing import Problem
from sessions_app.speech.wire import (
    RecognizerWish,
    SoundDropped,
    TranslatedWords,
    Trouble,
    TroubleOver,
    Voice,
    Words,
)


@dataclass(frozen=True, slots=True)
class Outlets:
    """Where things go: words, translated words, somebody speaks, samples unheard, and "look at the problems again"."""

    words: Callable[[Words], None]
    translated: Callable[[TranslatedWords], None]
    voice: Callable[[bool], None]
    unheard: Callable[[int], None]
    changed: Callable[[], None]


class Results:
    """`troubles` are those of single recognisers and translations, by (setting, target or "")."""

    def __init__(self, outlets: Outlets) -> None:
        self.heard = HeardWords()
        self.troubles: dict[tuple[str, str], Problem] = {}
        self._out = outlets

    def wanted(self, wishes: tuple[RecognizerWish, ...]) -> None:
        """Forget what concerns others than these recognisers."""
        names = {(each.setting, target) for each in wishes for target in ("", *each.targets)}
        self.troubles = {name: each for name, each in self.troubles.items() if name in names}
        self.heard.forget_others(frozenset(each.setting for each in wishes))

    def take(self, frame: Any) -> None:
        """Take a message of the worker that has the session."""
        match frame:
            case Words() | TranslatedWords():
                self._take_words(frame)
            case Voice():
                self._out.voice(frame.is_speaking)
            case SoundDropped():
                self.unheard("worker", frame.samples)
            case Trouble():
                self.troubles[frame.setting, frame.target] = Problem(frame.code, frame.message)
                self._out.changed()
            case TroubleOver():
                if self.troubles.pop((frame.setting, frame.target), None) is not None:
                    self._out.changed()

    def forget_troubles(self) -> None:
        """Begin anew with another worker."""
        if self.troubles:
            self.troubles.clear()
            self._out.changed()

    def unheard(self, where: str, samples: int) -> None:
        """Count sound that no recogniser will hear."""
        metrics.speech_dropped_samples[where] += samples
        self._out.unheard(samples)

    def _take_words(self, words: Words | TranslatedWords) -> None:
        if not self.heard.is_new(words):
            metrics.speech_words["not told"] += 1
        elif isinstance(words, TranslatedWords):
            metrics.speech_words["translation"] += 1
            self._out.translated(words)
        else:
            metrics.speech_words["final" if words.is_final else "interim"] += 1
            self._out.words(words)
