"""Words in other languages: finals in order and always, interim texts when there is time."""

import asyncio

import pytest

from sessions_app.speech.engine import EngineReport, EngineState, EngineTrouble, Heard
from sessions_app.speech.translation.routes import Translated, Translations
from sessions_app.speech.worker.passage import Passage
from sessions_app.speech.worker.translating import Interpreter
from tests.support.speech_node import becomes

PASSAGE = Passage("name", 0, 0, 0)


class Slow:
    """A translator that takes one text each time it is let."""

    name = "slow"

    def __init__(self) -> None:
        self.turns = asyncio.Semaphore(0)
        self.asked: list[str] = []

    async def load(self) -> None:
        """Nothing is to be loaded."""

    def pairs(self) -> frozenset[tuple[str, str]]:
        return frozenset({("en", "pt"), ("en", "es")})

    def is_quick(self) -> bool:
        return True

    async def translate(self, text: str, source: str, target: str) -> str:
        self.asked.append(text)
        await self.turns.acquire()
        if text == "broken":
            raise RuntimeError("broken")
        return f"{target}: {text}"

    def report(self) -> EngineReport:
        return EngineReport(self.name, EngineState.READY)

    async def close(self) -> None:
        """Nothing is held."""


class Notes:
    """Keeps what an interpreter says."""

    def __init__(self) -> None:
        self.told: list[tuple[str, bool]] = []
        self.troubles: list[tuple[str, str]] = []

    def interpreted(self, passage: Passage, target: str, heard: Heard, translated: Translated) -> None:
        self.told.append((translated.text, heard.is_final))

    def not_interpreted(self, passage: Passage, target: str, trouble: EngineTrouble) -> None:
        self.troubles.append((target, trouble.code))


@pytest.fixture
def slow() -> Slow:
    return Slow()


@pytest.fixture
def notes() -> Notes:
    return Notes()


@pytest.fixture
def interpreter(slow: Slow, notes: Notes) -> Interpreter:
    return Interpreter(Translations([slow]), notes)


def interim(text: str) -> Heard:
    return Heard(text, False, "en-US")


def final(text: str) -> Heard:
    return Heard(text, True, "en-US")


async def test_finals_come_in_order(interpreter: Interpreter, slow: Slow, notes: Notes) -> None:
    for text in ("one", "two", "three"):
        interpreter.take(PASSAGE, final(text), "pt-BR")
        slow.turns.release()

    assert await becomes(lambda: len(notes.told) == 3)
    assert notes.told == [("pt: one", True), ("pt: two", True), ("pt: three", True)]


async def test_an_interim_text_is_left_out_while_others_wait(
    interpreter: Interpreter, slow: Slow, notes: Notes
) -> None:
    interpreter.take(PASSAGE, interim("one"), "pt")
    assert await becomes(lambda: slow.asked == ["one"])
    interpreter.take(PASSAGE, interim("one two"), "pt")
    interpreter.take(PASSAGE, interim("one two three"), "pt")
    interpreter.take(PASSAGE, final("one two three four"), "pt")
    for _ in range(4):
        slow.turns.release()

    assert await becomes(lambda: len(notes.told) == 2)
    assert notes.told == [("pt: one", False), ("pt: one two three four", True)]


async def test_each_target_has_its_own(interpreter: Interpreter, slow: Slow, notes: Notes) -> None:
    for target in ("pt", "es"):
        interpreter.take(PASSAGE, interim("one"), target)
        slow.turns.release()

    assert await becomes(lambda: notes.told == [("pt: one", False), ("es: one", False)])


@pytest.mark.parametrize(
    "case",
    [("broken", "pt", "TRANSLATION_FAILED"), ("one", "ko", "TRANSLATION_UNSUPPORTED")],
)
async def test_a_final_that_fails_is_told_and_the_next_goes_on(
    interpreter: Interpreter, slow: Slow, notes: Notes, case: tuple[str, str, str]
) -> None:
    text, target, code = case
    interpreter.take(PASSAGE, final(text), target)
    interpreter.take(PASSAGE, final("next"), "pt")
    slow.turns.release()
    slow.turns.release()

    assert await becomes(lambda: notes.told == [("pt: next", True)])
    assert notes.troubles == [(target, code)]


async def test_after_closing_nothing_is_told(interpreter: Interpreter, slow: Slow, notes: Notes) -> None:
    interpreter.take(PASSAGE, final("one"), "pt")
    assert await becomes(lambda: slow.asked == ["one"])
    interpreter.close()
    slow.turns.release()
    await asyncio.sleep(0)

    assert notes.told == []
