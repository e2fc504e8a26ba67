"""What every recogniser on this machine does, whatever reads: order, interim results, failures and letting go."""

import asyncio
import gc
import weakref
from collections.abc import AsyncIterator, Callable, Iterator
from threading import Event

import pytest

from sessions_app.speech.engine import EngineState, EngineTrouble, Heard
from sessions_app.speech.engines.local_engine import LocalEngine, Model
from sessions_app.speech.engines.local_recognizer import MOST_BYTES, Found, LocalRecognizer
from sessions_app.speech.wire import RecognizerWish
from tests.support.hearing import Hearing

SECOND = 32_000
WISH = RecognizerWish("en-US", targets=("fr",))


class Lengths:
    """A reader that reads how long the sound is; `gate` holds it, and "bad" utterances break it."""

    gate = Event()

    def read(self, utterance: str, sound: bytes, wish: RecognizerWish, *, is_final: bool) -> Iterator[Found]:
        assert self.gate.wait(10)
        if utterance == "bad":
            raise ValueError("too bad")
        text = f"{len(sound) / SECOND:g} s"
        yield Found(Heard(text, is_final, wish.setting))
        yield from (Found(Heard(text.upper(), is_final, wish.setting), target) for target in wish.targets)


@pytest.fixture
async def engine() -> AsyncIterator[LocalEngine]:
    Lengths.gate.set()
    model = Model("Lengths", Lengths, lambda setting: setting != "tlh", ("en", "fr"), frozenset({"fr"}))
    engine = LocalEngine("lengths", lambda: model, threads=2)
    await engine.load()
    yield engine
    Lengths.gate.set()
    await engine.close()


def speak(recognizer: LocalRecognizer, utterance: str, seconds: float) -> None:
    recognizer.begin(utterance)
    recognizer.feed(bytes(int(seconds * SECOND)))
    recognizer.end()


async def test_each_utterance_has_one_final_in_order(engine: LocalEngine) -> None:
    hearing = Hearing()
    recognizer = engine.open(WISH, hearing)
    for number in range(1, 6):
        speak(recognizer, f"u{number}", number)
    finals = await hearing.until_finals(5)
    assert [(told.utterance, told.heard.text) for told in finals] == [
        (f"u{n}", f"{n} s") for n in range(1, 6)
    ]
    translated = await hearing.until_finals(5, target="fr")
    assert [told.heard.text for told in translated] == [f"{n} S" for n in range(1, 6)]
    assert hearing.interims() == []
    await recognizer.close()


async def test_interim_results_come_about_every_second_with_all_sound_so_far(engine: LocalEngine) -> None:
    hearing = Hearing()
    recognizer = engine.open(RecognizerWish("en-US"), hearing)
    recognizer.begin("u1")
    for seconds in (1, 2, 3):
        for _ in range(50):
            recognizer.feed(bytes(SECOND // 50))
        interims = await hearing.until_interims(seconds)
        assert interims[-1].heard.text == f"{seconds} s"
    recognizer.end()
    await hearing.until_finals(1)
    await recognizer.close()


async def test_an_interim_result_that_is_late_takes_the_sound_there_is_by_then(engine: LocalEngine) -> None:
    Lengths.gate.clear()
    hearing, others = Hearing(), [Hearing(), Hearing()]
    for other in others:
        speak(engine.open(RecognizerWish("en-US"), other), "u1", 1)
    recognizer = engine.open(RecognizerWish("en-US"), hearing)
    recognizer.begin("u1")
    for _ in range(4):
        recognizer.feed(bytes(SECOND))
    Lengths.gate.set()
    interims = await hearing.until_interims(1)
    assert [told.heard.text for told in interims] == ["4 s"]
    await recognizer.close()


async def test_an_interim_result_of_an_utterance_that_is_over_is_not_told(engine: LocalEngine) -> None:
    Lengths.gate.clear()
    hearing = Hearing()
    recognizer = engine.open(RecognizerWish("en-US"), hearing)
    recognizer.begin("u1")
    recognizer.feed(bytes(SECOND))
    recognizer.end()
    Lengths.gate.set()
    await hearing.until_finals(1)
    assert [told.heard.is_final for told in hearing.told] == [True]
    await recognizer.close()


async def test_of_an_endless_utterance_the_newest_sound_is_kept(engine: LocalEngine) -> None:
    hearing = Hearing()
    recognizer = engine.open(RecognizerWish("en-US"), hearing)
    recognizer.begin("u1")
    for _ in range(40):
        recognizer.feed(bytes(SECOND))
    recognizer.end()
    (final,) = await hearing.until_finals(1)
    assert final.heard.text == f"{MOST_BYTES / SECOND:g} s"
    await recognizer.close()


async def test_other_wishes_count_from_the_next_result_on(engine: LocalEngine) -> None:
    hearing = Hearing()
    recognizer = engine.open(RecognizerWish("en-US"), hearing)
    recognizer.begin("u1")
    recognizer.configure(WISH)
    recognizer.end()
    await hearing.until_finals(1, target="fr")
    await recognizer.close()


async def test_a_failure_is_told_with_an_empty_final_and_over_with_the_next_words(
    engine: LocalEngine, caplog: pytest.LogCaptureFixture
) -> None:
    hearing = Hearing()
    recognizer = engine.open(RecognizerWish("en-US"), hearing)
    speak(recognizer, "bad", 1)
    speak(recognizer, "good", 1)
    finals = await hearing.until_finals(2)
    assert [(told.utterance, told.heard.text) for told in finals] == [("bad", ""), ("good", "1 s")]
    assert hearing.troubles == ["SPEECH_ENGINE_FAILED", "over"]
    assert "too bad" in caplog.text
    await recognizer.close()


async def test_a_recogniser_closed_in_mid_utterance_tells_nothing_and_leaves_nothing(
    engine: LocalEngine,
) -> None:
    Lengths.gate.clear()
    hearing = Hearing()
    recognizer = engine.open(RecognizerWish("en-US"), hearing)
    speak(recognizer, "u1", 1)
    speak(recognizer, "u2", 1)
    recognizer.begin("u3")
    recognizer.feed(bytes(2 * SECOND))
    assert engine.report().streams == 1
    await recognizer.close()
    await recognizer.close()
    assert engine.report().streams == 0
    gone = weakref.ref(recognizer)
    del recognizer
    Lengths.gate.set()
    other = Hearing()
    speak(engine.open(RecognizerWish("en-US"), other), "u1", 1)
    await other.until_finals(1)
    await engine.close()
    gc.collect()
    assert hearing.told == []
    assert gone() is None


async def test_four_recognisers_are_served_side_by_side(engine: LocalEngine) -> None:
    hearings = [Hearing() for _ in range(4)]
    recognizers = [engine.open(RecognizerWish("en-US"), hearing) for hearing in hearings]
    assert engine.report().streams == 4
    for seconds in (1, 2):
        for recognizer in recognizers:
            speak(recognizer, f"u{seconds}", seconds)
    for hearing in hearings:
        finals = await hearing.until_finals(2)
        assert [told.heard.text for told in finals] == ["1 s", "2 s"]
    for recognizer in recognizers:
        await recognizer.close()


async def test_the_engine_tells_how_it_is(engine: LocalEngine) -> None:
    report = engine.report()
    assert (report.name, report.state, report.detail) == ("lengths", EngineState.READY, "Lengths")
    assert (report.languages, report.streams, report.real_time_factor) == (("en", "fr"), 0, None)
    assert engine.translates_to == {"fr"}
    assert engine.speaks("de") and not engine.speaks("tlh")
    with pytest.raises(EngineTrouble, match="Lengths does not know tlh") as caught:
        engine.open(RecognizerWish("tlh"), Hearing())
    assert caught.value.code == "SPEECH_LANGUAGE_UNSUPPORTED"


async def test_an_engine_that_is_loading_opens_no_recogniser() -> None:
    engine = LocalEngine("lengths", never(), threads=1, languages=("en",))
    assert (engine.report().state, engine.report().languages) == (EngineState.LOADING, ("en",))
    assert not engine.speaks("en")
    with pytest.raises(EngineTrouble, match="being loaded"):
        engine.open(RecognizerWish("en"), Hearing())
    with pytest.raises(EngineTrouble, match="cannot be loaded: no such thing"):
        await engine.load()
    assert engine.report().state is EngineState.FAILED
    await engine.close()


def never() -> Callable[[], Model]:
    def load() -> Model:
        raise RuntimeError("no such thing")

    return load


async def test_closing_waits_for_what_is_being_read() -> None:
    Lengths.gate.clear()
    engine = LocalEngine("lengths", lambda: Model("Lengths", Lengths, lambda _: True), threads=1)
    await engine.load()
    recognizer = engine.open(RecognizerWish("en-US"), hearing := Hearing())
    speak(recognizer, "u1", 1)
    closing = asyncio.create_task(engine.close())
    await asyncio.sleep(0)
    assert not closing.done()
    Lengths.gate.set()
    await closing
    assert hearing.troubles == []
