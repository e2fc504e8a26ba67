"""Makes translators by the names of SPEECH_TRANSLATORS; a module is loaded only when its name is asked for."""

from collections.abc import Sequence
from importlib import import_module
from typing import Final

from sessions_app.speech.engine import Translator
from sessions_app.speech.translation.routes import BY_RECOGNIZER, Translations

_MAKERS: Final = {
    "embedded": ("sessions_app.speech.translation.embedded", "EmbeddedTranslator"),
    "apertium": ("sessions_app.speech.translation.apertium", "ApertiumTranslator"),
    "deepl": ("sessions_app.speech.translation.deepl", "make_translator"),
}
TRANSLATOR_NAMES: Final = (*_MAKERS, BY_RECOGNIZER)


def make_translator(name: str) -> Translator:
    """Return a translator that is not loaded yet; raises ValueError for a name nobody knows."""
    if name not in _MAKERS:
        raise ValueError(
            f"SPEECH_TRANSLATORS: no translator {name!r}; known are {', '.join(TRANSLATOR_NAMES)}"
        )
    module, maker = _MAKERS[name]
    translator: Translator = getattr(import_module(module), maker)()
    return translator


def make_translations(names: Sequence[str]) -> Translations:
    """Return the translators of a deployment in its order, not loaded yet; raises ValueError."""
    return Translations([make_translator(name) for name in names if name != BY_RECOGNIZER], names)
