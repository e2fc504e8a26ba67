"""English by hibari-tts, whose model is inside its wheel. Must not know who listens.

Each sentence is one job of the threads: a long text keeps no short one waiting, and no sentence is made before the
one before it was taken.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from typing import Any, Final

from sessions_app.speech.engine import EngineReport, Utterance
from sessions_app.speech.languages import plain_language
from sessions_app.speech.library import Library
from sessions_app.speech.pieces import pieces_of
from sessions_app.speech.voices.guessing import LATIN, scripts_of
from sessions_app.speech.voices.mp3 import Mp3Encoder

LANGUAGE: Final = "en"
_THREADS: Final = 2
_SLOWEST, _FASTEST = 0.5, 2.0
# The noise in the sound of breath; the same text sounds the same each time.
_SEED: Final = 1
# Longer sentences are read in pieces, so that their sound begins as soon as that of others.
_MOST_CHARACTERS: Final = 250
_LETTERS_A_STRAY_ONE: Final = 20
_FULL_SCALE: Final = 32_767


class HibariVoice:
    """One voice of American English."""

    name = "hibari"

    def __init__(self) -> None:
        self.version = ""
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="voice")
        self._library = Library("hibari-tts", "VOICE_FAILED", _load_model)
        self._reading = 0

    async def load(self) -> None:
        """Load the model; raises EngineTrouble where it is not installed."""
        await self._library.load(self._threads)
        self.version = version("hibari-tts")

    def speaks(self, utterance: Utterance) -> bool:
        """Whether it is English in Latin script: it leaves other letters out, of which a stray one is no loss."""
        if plain_language(utterance.language) != LANGUAGE:
            return False
        scripts = scripts_of(utterance.text)
        return (scripts.total() - scripts[LATIN]) * _LETTERS_A_STRAY_ONE <= scripts[LATIN]

    async def speak(self, utterance: Utterance) -> AsyncGenerator[bytes, None]:
        """Yield MP3, sentence by sentence."""
        loop = asyncio.get_running_loop()
        sentences = _read(self._library.get(), utterance)
        self._reading += 1
        try:
            while (piece := await loop.run_in_executor(self._threads, next, sentences, None)) is not None:
                yield piece
        except Exception as problem:
            raise self._library.trouble(problem) from problem
        finally:
            self._reading -= 1

    def report(self) -> EngineReport:
        """Return how it is."""
        library = self._library
        return EngineReport(self.name, library.state, library.detail, (LANGUAGE,), streams=self._reading)

    async def close(self) -> None:
        """Let go of the model and the threads."""
        self._library.forget()
        self._threads.shutdown(wait=False, cancel_futures=True)


def _load_model() -> Any:
    from hibari import Hibari

    model = Hibari()
    # Words are looked up in tables that are read at the first sentence.
    model("Ready.", seed=_SEED)
    return model


def _read(hibari: Any, utterance: Utterance) -> Iterator[bytes]:
    import numpy

    encoder = None
    speed = min(_FASTEST, max(_SLOWEST, utterance.speed or 1.0))
    sentences = hibari.split_sentences(utterance.text)
    for piece in (piece for sentence in sentences for piece in pieces_of(sentence, _MOST_CHARACTERS)):
        for sound in hibari.stream(piece, speed, _SEED):
            encoder = encoder or Mp3Encoder(hibari.sample_rate)
            yield encoder.encode((numpy.clip(sound, -1, 1) * _FULL_SCALE).astype("<i2").tobytes())
    if encoder is not None:
        yield encoder.finish()
