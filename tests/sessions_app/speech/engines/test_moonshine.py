"""Moonshine hears people speaking English."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bench.word_errors import word_error_rate
from sessions_app.speech.engine import EngineState, EngineTrouble
from sessions_app.speech.engines import moonshine
from sessions_app.speech.engines.local_engine import LocalEngine
from sessions_app.speech.wire import RecognizerWish
from tests.support.hearing import Hearing, say
from tests.support.recordings import list_recordings, needs_speech_engines

needs_speech_engines()


@pytest.fixture
async def engine() -> AsyncIterator[LocalEngine]:
    engine = moonshine.make_engine()
    await engine.load()
    yield engine
    await engine.close()


async def test_english_is_understood_and_nothing_else_taken(engine: LocalEngine) -> None:
    report = engine.report()
    assert (report.state, report.detail, report.languages) == (EngineState.READY, "Moonshine tiny", ("en",))
    assert engine.speaks("en-GB")
    assert not engine.speaks("de-DE") and not engine.speaks("auto")
    recordings, hearing = list_recordings("en")[1:], Hearing()
    recognizer = engine.open(RecognizerWish("en-GB"), hearing)
    for recording in recordings:
        say(recognizer, recording.file, recording.sound())
    say(recognizer, "nothing", b"")
    finals = await hearing.until_finals(len(recordings) + 1)
    await recognizer.close()
    assert [told.utterance for told in finals] == [*(recording.file for recording in recordings), "nothing"]
    pairs = zip(recordings, finals, strict=False)
    assert word_error_rate([(recording.text, told.heard.text) for recording, told in pairs]) <= 0.05
    assert finals[-1].heard.text == ""
    assert {told.heard.language for told in finals} == {"en-GB"}
    assert (engine.report().real_time_factor or 0) > 0


async def test_people_who_speak_at_once_are_not_mixed_up(engine: LocalEngine) -> None:
    recordings, hearings = (
        [list_recordings("en")[index] for index in (1, 4, 1, 4)],
        [Hearing() for _ in range(4)],
    )
    recognizers = [engine.open(RecognizerWish("en-US"), hearing) for hearing in hearings]
    for _ in range(3):
        for recognizer, recording in zip(recognizers, recordings, strict=True):
            say(recognizer, recording.file, recording.sound())
    for hearing, recording in zip(hearings, recordings, strict=True):
        finals = await hearing.until_finals(3)
        pairs = [(recording.text, told.heard.text) for told in finals]
        assert word_error_rate(pairs) <= 0.15
    for recognizer in recognizers:
        await recognizer.close()


async def test_words_come_every_half_second(engine: LocalEngine) -> None:
    hearing, sound = Hearing(), list_recordings("en")[1].sound()
    recognizer = engine.open(RecognizerWish("en-US"), hearing)
    recognizer.begin("u1")
    recognizer.feed(sound[:40_000])
    await hearing.until_interims(1)
    recognizer.feed(sound[40_000:])
    interims = await hearing.until_interims(2)
    await recognizer.close()
    assert len(interims[0].heard.text) < len(interims[1].heard.text)


async def test_a_wheel_without_its_model_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("moonshine_voice.get_model_path", lambda name: tmp_path / name)
    engine = moonshine.make_engine()
    with pytest.raises(EngineTrouble, match=r"without its model .*moonshine-voice==0\.1\.0"):
        await engine.load()
    assert engine.report().state is EngineState.FAILED
