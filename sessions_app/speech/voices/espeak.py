"""Many languages by eSpeak NG, where it is installed: a program of its own, called once per text.

Its licence stays out of this process. Must not know who listens.
"""

import asyncio
import shutil
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Final

from sessions_app.speech.engine import EngineReport, EngineState, EngineTrouble, Utterance
from sessions_app.speech.languages import plain_language
from sessions_app.speech.programs import ProgramFailed, output_of, read_all
from sessions_app.speech.voices.mp3 import Mp3Encoder
from sessions_app.speech.voices.wav import WavReader

PROGRAM: Final = "espeak-ng"
HOW_TO_INSTALL: Final = (
    "For languages other than English install eSpeak NG, for example `apt-get install espeak-ng`"
)
_LIST_SECONDS: Final = 10.0
_SILENT_SECONDS: Final = 10.0
_WORDS_A_MINUTE: Final = 175
_SLOWEST, _FASTEST = 80, 450
_LANGUAGE_COLUMN, _OTHERS_COLUMN = 1, 5


class EspeakVoice:
    """A plain voice that is understood in many languages."""

    name = "espeak"

    def __init__(self) -> None:
        self.version = ""
        self._program = ""
        self._voices: Mapping[str, str] = {}
        self._state, self._detail = EngineState.LOADING, ""
        self._reading = 0

    async def load(self) -> None:
        """Look which languages are installed; raises EngineTrouble where the program is not."""
        program = shutil.which(PROGRAM)
        try:
            if program is None:
                raise ImportError(PROGRAM)
            await asyncio.to_thread(Mp3Encoder, 22_050)
            self.version = (await read_all((program, "--version"), "", _LIST_SECONDS)).strip()
            self._voices = voices_of(await read_all((program, "--voices"), "", _LIST_SECONDS))
        except ImportError as problem:
            why = (
                HOW_TO_INSTALL
                if program is None
                else "eSpeak NG needs `pip install -r requirements-speech.txt`"
            )
            self._state, self._detail = EngineState.MISSING, why
            raise EngineTrouble("VOICE_FAILED", why) from problem
        except ProgramFailed as problem:
            self._state, self._detail = EngineState.FAILED, str(problem)
            raise EngineTrouble("VOICE_FAILED", self._detail) from problem
        self._program, self._state = program, EngineState.READY

    def speaks(self, utterance: Utterance) -> bool:
        """Whether there is a voice for the language."""
        return self._voice_for(utterance.language) is not None

    async def speak(self, utterance: Utterance) -> AsyncGenerator[bytes, None]:
        """Yield MP3 as the program makes it."""
        voice = self._voice_for(utterance.language)
        if voice is None:
            raise EngineTrouble("VOICE_UNSUPPORTED", f"eSpeak NG has no voice for {utterance.language!r}")
        pace = str(round(min(_FASTEST, max(_SLOWEST, _WORDS_A_MINUTE * (utterance.speed or 1.0)))))
        # Text between double brackets would be read as codes of sounds.
        text = utterance.text.replace("\0", " ").replace("[[", "[ [")
        command = (self._program, "--stdin", "--stdout", "-b", "1", "-v", voice, "-s", pace)
        reader, encoder = WavReader(), None
        self._reading += 1
        try:
            async with aclosing(output_of(command, text, _SILENT_SECONDS)) as pieces:
                async for piece in pieces:
                    samples = reader.feed(piece)
                    if samples:
                        encoder = encoder or Mp3Encoder(reader.rate)
                        yield await asyncio.to_thread(encoder.encode, samples)
            if encoder is not None:
                yield await asyncio.to_thread(encoder.finish)
        except (ProgramFailed, ValueError) as problem:
            raise EngineTrouble("VOICE_FAILED", str(problem)) from problem
        finally:
            self._reading -= 1

    def report(self) -> EngineReport:
        """Return how it is."""
        languages = tuple(sorted({plain_language(code) for code in self._voices}))
        return EngineReport(self.name, self._state, self._detail, languages, streams=self._reading)

    async def close(self) -> None:
        """Nothing stays between texts."""

    def _voice_for(self, language: str) -> str | None:
        exact = language.replace("_", "-").lower()
        return self._voices.get(exact) or self._voices.get(plain_language(language))


def voices_of(table: str) -> dict[str, str]:
    """Return the voice of each language code, in lower case, from the table the program prints.

    The line of a voice: priority, language, age and gender, name, file, further languages as `(zh 5)(zh-cmn 5)`.
    """
    voices: dict[str, str] = {}
    plain: dict[str, str] = {}
    for line in table.splitlines()[1:]:
        columns = line.split(maxsplit=_OTHERS_COLUMN)
        if len(columns) < _OTHERS_COLUMN:
            continue
        voice = columns[_LANGUAGE_COLUMN]
        others = columns[_OTHERS_COLUMN] if len(columns) > _OTHERS_COLUMN else ""
        for code in (
            voice,
            *(part.split()[0] for part in others.replace("(", " ").split(")") if part.split()),
        ):
            voices.setdefault(code.lower(), voice)
            plain.setdefault(plain_language(code), voice)
    return {**plain, **voices}
