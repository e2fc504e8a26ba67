"""The scripted engine: interim words, one final for each utterance, and faults as ordered."""

import asyncio

import pytest

from sessions_app.speech.engine import EngineTrouble, Heard
from sessions_app.speech.engines.scripted import ScriptedEngine
from sessions_app.speech.wire import RecognizerWish
from tests.support.speech_sound import frames_of, sound_of


class Notes:
    """A hearer that keeps what it hears."""

    def __init__(self) -> None:
        self.heard_words: list[tuple[str, str, bool]] = []
        self.translations: list[tuple[str, str]] = []
        self.troubles: list[str] = []

    def heard(self, utterance: str, heard: Heard) -> None:
        self.heard_words.append((utterance, heard.text, heard.is_final))

    def translated(self, utterance: str, target: str, heard: Heard) -> None:
        if heard.is_final:
            self.translations.append((target, heard.text))

    def failed(self, trouble: EngineTrouble) -> None:
        self.troubles.append(trouble.code)

    def recovered(self) -> None:
        self.troubles.append("over")


async def say(
    engine: ScriptedEngine, notes: Notes, *utterances: str, wish: RecognizerWish | None = None
) -> None:
    recognizer = engine.open(wish or RecognizerWish("en-US"), notes)
    for text in utterances:
        recognizer.begin(text)
        for frame in frames_of(sound_of(text)):
            recognizer.feed(frame)
        recognizer.end()
    await asyncio.sleep(0)
    await recognizer.close()


async def test_interim_words_come_before_the_final() -> None:
    notes = Notes()
    await say(ScriptedEngine(), notes, "one two three")

    assert notes.heard_words == [
        ("one two three", "one", False),
        ("one two three", "one two", False),
        ("one two three", "one two three", False),
        ("one two three", "one two three", True),
    ]


async def test_a_wished_target_is_answered() -> None:
    notes = Notes()
    await say(ScriptedEngine(), notes, "uno", wish=RecognizerWish("es-ES", targets=("en-US",)))

    assert notes.translations == [("en-US", "UNO")]


async def test_an_utterance_hangs_when_ordered() -> None:
    notes = Notes()
    await say(ScriptedEngine("hang:2"), notes, "one", "two", "three")

    assert [text for _, text, is_final in notes.heard_words if is_final] == ["one", "three"]


async def test_an_utterance_fails_when_ordered() -> None:
    notes = Notes()
    await say(ScriptedEngine("fail:1"), notes, "one", "two")

    assert notes.troubles == ["SPEECH_ENGINE_FAILED", "over"]
    assert [text for _, text, is_final in notes.heard_words if is_final] == ["two"]


@pytest.mark.parametrize("closes", [True, False])
async def test_streams_are_counted(closes: bool) -> None:
    engine = ScriptedEngine()
    recognizer = engine.open(RecognizerWish("auto"), Notes())
    if closes:
        await recognizer.close()

    assert engine.report().streams == (0 if closes else 1)
