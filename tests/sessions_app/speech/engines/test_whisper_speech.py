"""Whisper hears people: recorded speech through its recognisers, faster than real time."""

import math
from array import array
from collections.abc import AsyncIterator
from math import tau

import pytest

from bench.word_errors import word_error_rate
from sessions_app.speech.engine import EngineState, EngineTrouble
from sessions_app.speech.engines.local_engine import LocalEngine, Model
from sessions_app.speech.engines.whisper import load_model
from sessions_app.speech.wire import RecognizerWish
from tests.support.hearing import Hearing, say
from tests.support.recordings import find_recording, list_recordings, needs_speech_engines

needs_speech_engines()

AMERICAN = RecognizerWish("en-US")


def hum(seconds: int) -> bytes:
    """Return the hum of a mains supply, with its overtones."""
    moments = (number / 16_000 for number in range(seconds * 16_000))
    waves = (
        math.sin(tau * 50 * at) + 0.5 * math.sin(tau * 100 * at) + 0.2 * math.sin(tau * 150 * at)
        for at in moments
    )
    return array("h", (int(3_000 * wave) for wave in waves)).tobytes()


@pytest.fixture(scope="module")
def model() -> Model:
    return load_model("", threads=2)


@pytest.fixture
async def engine(model: Model) -> AsyncIterator[LocalEngine]:
    engine = LocalEngine("whisper", lambda: model, threads=2)
    await engine.load()
    yield engine
    await engine.close()


async def test_an_engine_that_is_ready_says_what_it_can(engine: LocalEngine) -> None:
    report = engine.report()
    assert (report.state, report.detail, report.languages) == (EngineState.READY, "Whisper base", ("*",))
    assert engine.translates_to == {"en"}
    assert all(engine.speaks(setting) for setting in ("en-US", "pt-BR", "nb-NO", "cmn-Hans-CN", "auto"))
    assert not engine.speaks("tlh")
    with pytest.raises(EngineTrouble, match="does not know tlh"):
        engine.open(RecognizerWish("tlh"), Hearing())


async def test_read_sentences_are_understood_in_their_order(engine: LocalEngine) -> None:
    recordings, hearing = list_recordings("en"), Hearing()
    recognizer = engine.open(AMERICAN, hearing)
    for recording in recordings:
        say(recognizer, recording.file, recording.sound())
    finals = await hearing.until_finals(len(recordings))
    await recognizer.close()
    assert [told.utterance for told in finals] == [recording.file for recording in recordings]
    pairs = zip(recordings, finals, strict=True)
    assert word_error_rate([(recording.text, told.heard.text) for recording, told in pairs]) <= 0.03
    assert {told.heard.language for told in finals} == {"en-US"}
    assert all(0.5 < (told.heard.confidence or 0) <= 1 for told in finals)
    assert (engine.report().real_time_factor or 0) > 0
    assert engine.report().streams == 0


async def test_words_come_while_somebody_still_speaks(engine: LocalEngine) -> None:
    recording, hearing = find_recording("sense_and_sensibility_5"), Hearing()
    recognizer = engine.open(AMERICAN, hearing)
    recognizer.begin("u1")
    recognizer.feed(recording.sound())
    interims = await hearing.until_interims(1)
    recognizer.end()
    finals = await hearing.until_finals(1)
    await recognizer.close()
    assert word_error_rate([(recording.text, interims[0].heard.text)]) <= 0.3
    assert finals[0].heard.text and hearing.told.index(finals[0]) == len(hearing.told) - 1


async def test_the_language_is_found_and_what_was_said_is_told_in_english(engine: LocalEngine) -> None:
    recording, hearing = find_recording("fr_out_of_service"), Hearing()
    recognizer = engine.open(RecognizerWish("auto", targets=("en-GB",)), hearing)
    say(recognizer, "u1", recording.sound())
    (translated,) = await hearing.until_finals(1, target="en-GB")
    (heard,) = hearing.finals()
    await recognizer.close()
    assert heard.heard.language == translated.heard.language == "fr"
    assert word_error_rate([(recording.text, heard.heard.text)]) <= 0.15
    assert "number" in translated.heard.text


async def test_hints_say_which_languages_it_may_be(engine: LocalEngine) -> None:
    recording, hearing = find_recording("es_nobody_is_free"), Hearing()
    recognizer = engine.open(RecognizerWish("auto", hints=("pt", "es-MX")), hearing)
    say(recognizer, "u1", recording.sound())
    (heard,) = await hearing.until_finals(1)
    await recognizer.close()
    assert heard.heard.language == "es"
    assert word_error_rate([(recording.text, heard.heard.text)]) <= 0.15


async def test_words_that_were_announced_are_written_like_that(engine: LocalEngine) -> None:
    recording, hearing = find_recording("sense_and_sensibility_1"), Hearing()
    recognizer = engine.open(RecognizerWish("en-US", vocabulary=("Dashwoud", "Norland")), hearing)
    say(recognizer, "u1", recording.sound())
    (heard,) = await hearing.until_finals(1)
    await recognizer.close()
    assert "John Dashwoud" in heard.heard.text


async def test_silence_and_noise_are_no_words(engine: LocalEngine) -> None:
    hearing = Hearing()
    recognizer = engine.open(AMERICAN, hearing)
    say(recognizer, "silence", bytes(2 * 32_000))
    say(recognizer, "hum", hum(2))
    say(recognizer, "nothing at all", b"")
    finals = await hearing.until_finals(3)
    await recognizer.close()
    assert [told.heard.text for told in finals] == ["", "", ""]
