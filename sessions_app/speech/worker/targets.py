"""Which wished languages the recogniser itself makes of what it hears, and which are made from its text."""

import msgspec

from sessions_app.speech.engine import Engine, EngineTrouble
from sessions_app.speech.languages import plain_language
from sessions_app.speech.translation.routes import Translations
from sessions_app.speech.wire import RecognizerWish


class Targets:
    """The targets of one wish, once its engine is chosen."""

    def __init__(self, wish: RecognizerWish, translations: Translations) -> None:
        self._wish = wish
        self._translations = translations
        self._spoken: frozenset[str] = frozenset()
        self.by_recognizer: tuple[str, ...] = ()
        self.by_text: tuple[str, ...] = ()
        self._find()

    @property
    def all(self) -> tuple[str, ...]:
        """The targets that an utterance will have a result for."""
        return (*self.by_recognizer, *self.by_text)

    @property
    def engine_wish(self) -> RecognizerWish:
        """The wish as the engine gets it: with its own targets only, and with the words if others translate them."""
        transcribes = self._wish.transcribes or bool(self.by_text)
        return msgspec.structs.replace(self._wish, targets=self.by_recognizer, transcribes=transcribes)

    def choose(self, engine: Engine) -> None:
        """Take note of what the engine translates by itself."""
        self._spoken = engine.translates_to
        self._find()

    def take(self, wish: RecognizerWish) -> None:
        """Take another wish for the same setting."""
        self._wish = wish
        self._find()

    def unsupported(self) -> list[tuple[str, EngineTrouble]]:
        """Return the targets that nothing can make, each with the error that names what works."""
        return [
            (target, self._translations.unsupported(self._wish.setting, target, self._spoken))
            for target in self._wish.targets
            if target not in self.by_recognizer and target not in self.by_text
        ]

    def is_the_same(self, language: str, target: str) -> bool:
        """Whether what is said in a language needs no translation."""
        return plain_language(language) == plain_language(target)

    def _find(self) -> None:
        routes = {
            target: self._translations.find(self._wish.setting, target, self._spoken)
            for target in self._wish.targets
        }
        self.by_recognizer = tuple(
            target for target, route in routes.items() if route is not None and route.by_recognizer
        )
        self.by_text = tuple(
            target for target, route in routes.items() if route is not None and not route.by_recognizer
        )
