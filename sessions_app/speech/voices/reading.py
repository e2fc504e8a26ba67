"""The voices of a worker: which of them reads a text, and what was read before is read from the disk.

Must not know who listens, or how a voice is made.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from typing import Final

from sessions_app.speech.engine import EngineReport, EngineState, EngineTrouble, Utterance, VoiceEngine
from sessions_app.speech.languages import plain_language
from sessions_app.speech.voices.cache import SpeechCache, key_of
from sessions_app.speech.voices.guessing import guess_language

_MOST_AT_ONCE: Final = 16
_MOST_LANGUAGES_NAMED: Final = 40
logger = logging.getLogger(__name__)


class Voices:
    """The voices in the order of SPEECH_VOICES; a text is read by the first that can."""

    def __init__(self, voices: Sequence[VoiceEngine], folder: Path, megabytes: int) -> None:
        self._voices = tuple(voices)
        self._cache = SpeechCache(folder, megabytes * 1024 * 1024)
        self._reading = 0

    async def load(self) -> None:
        """Load every voice; one that is not there is left out and says why in its report."""
        results = await asyncio.gather(*(one.load() for one in self._voices), return_exceptions=True)
        for voice, result in zip(self._voices, results, strict=True):
            if isinstance(result, EngineTrouble):
                logger.info("Voice %s: %s", voice.name, result)
            elif isinstance(result, BaseException):
                raise result

    def names(self) -> tuple[str, ...]:
        """Return the voices that can be used now."""
        return tuple(one.name for one in self._ready())

    def reports(self) -> list[EngineReport]:
        """Return how each voice is."""
        return [one.report() for one in self._voices]

    async def speak(self, utterance: Utterance) -> AsyncGenerator[bytes, None]:
        """Yield MP3 as it is made; raises EngineTrouble (SPEECH_FULL, VOICE_UNSUPPORTED, VOICE_FAILED).

        A voice that fails before its first sound leaves the text to the next one.
        """
        if self._reading >= _MOST_AT_ONCE:
            raise EngineTrouble("SPEECH_FULL", "Too many texts are being read; try again in a moment")
        wanted = replace(utterance, language=utterance.language or guess_language(utterance.text))
        self._reading += 1
        try:
            async with aclosing(self._read_by_one(wanted)) as pieces:
                async for piece in pieces:
                    yield piece
        finally:
            self._reading -= 1

    async def close(self) -> None:
        """Let go of every voice."""
        await asyncio.gather(*(one.close() for one in self._voices))

    async def _read_by_one(self, wanted: Utterance) -> AsyncGenerator[bytes, None]:
        trouble: EngineTrouble | None = None
        for voice in self._able(wanted):
            has_begun = False
            try:
                async with aclosing(self._read(voice, wanted)) as pieces:
                    async for piece in pieces:
                        has_begun = True
                        yield piece
            except EngineTrouble as problem:
                if has_begun:
                    raise
                logger.warning("Voice %s: %s", voice.name, problem)
                trouble = problem
            if has_begun:
                return
        raise trouble or self._nothing(wanted)

    async def _read(self, voice: VoiceEngine, wanted: Utterance) -> AsyncGenerator[bytes, None]:
        key = key_of(voice, wanted)
        known = await self._cache.find(key)
        if known is not None:
            for piece in known:
                yield piece
            return
        async with self._cache.keep(key) as kept, aclosing(voice.speak(wanted)) as pieces:
            async for piece in pieces:
                if piece:
                    kept.append(piece)
                    yield piece

    def _able(self, wanted: Utterance) -> list[VoiceEngine]:
        able = [one for one in self._ready() if one.speaks(wanted)]
        # Whoever names one of our voices gets it; ids of other providers' voices mean nothing here.
        return sorted(able, key=lambda one: one.name != wanted.voice)

    def _ready(self) -> list[VoiceEngine]:
        return [one for one in self._voices if one.report().state is EngineState.READY]

    def _nothing(self, wanted: Utterance) -> EngineTrouble:
        if not self._ready():
            why = (
                "; ".join(report.detail for report in self.reports() if report.detail) or "none is configured"
            )
            return EngineTrouble("VOICE_FAILED", f"No voice can be used: {why}")
        if self._able(wanted):
            return EngineTrouble("VOICE_UNSUPPORTED", "There is nothing in this text that can be read aloud")
        known = sorted({language for report in self.reports() for language in report.languages})
        named = ", ".join(known[:_MOST_LANGUAGES_NAMED]) + (
            " and more" if len(known) > _MOST_LANGUAGES_NAMED else ""
        )
        missing = [report.detail for report in self.reports() if report.state is EngineState.MISSING]
        hint = f". {missing[0]}" if missing else ""
        return EngineTrouble(
            "VOICE_UNSUPPORTED",
            f"No voice reads {plain_language(wanted.language)!r} in this script; "
            f"languages that work: {named}{hint}",
        )
