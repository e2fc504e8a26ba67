"""One recogniser of a channel: engines that load late, hang, fail, break or are missing."""

import pytest

from sessions_app.speech.engine import EngineTrouble, Heard
from sessions_app.speech.translation.routes import Translations
from sessions_app.speech.wire import SAMPLE_BYTES, SAMPLE_RATE, RecognizerWish
from sessions_app.speech.worker import engine_set, track
from sessions_app.speech.worker.engine_set import Engines
from sessions_app.speech.worker.passage import Passage
from sessions_app.speech.worker.track import Track, TrackLimits
from tests.sessions_app.speech.worker.tested_engine import Breakable, Notes
from tests.support.speech_node import becomes
from tests.support.speech_sound import silence, sound_of

EN = RecognizerWish("en-US")
LIMITS = TrackLimits(final_seconds=0.1, most_waiting_samples=30 * SAMPLE_RATE)
FAILED, UNSUPPORTED = "SPEECH_ENGINE_FAILED", "SPEECH_LANGUAGE_UNSUPPORTED"


def started(engines: Engines, notes: Notes, wish: RecognizerWish = EN, limits: TrackLimits = LIMITS) -> Track:
    made = Track(wish, engines, Translations([], ["whisper"]), notes, limits)
    made.start()
    return made


def say(to: Track, text: str, *, ends: bool = True) -> Passage:
    """Give it an utterance named by its text."""
    return say_sound(to, text, sound_of(text), ends=ends)


def say_sound(to: Track, name: str, sound: bytes, *, ends: bool = True) -> Passage:
    passage = Passage(name, 0, 0, 0, len(sound) // SAMPLE_BYTES)
    to.begin(passage)
    to.feed(passage, sound)
    if ends:
        to.end(passage)
    return passage


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(track, "FIRST_RETRY_SECONDS", 0.02)
    monkeypatch.setattr(track, "OWN_REPAIR_SECONDS", 0.05)
    monkeypatch.setattr(engine_set, "LOAD_AGAIN_SECONDS", 0.05)


async def test_what_is_said_while_the_engine_loads_is_heard_later() -> None:
    engine, notes = Breakable(), Notes()
    one = started(engine.alone(), notes)
    say(one, "early words")
    running = say(one, "one", ends=False)
    engine.may_load.set()
    assert await becomes(lambda: engine.streams == 1)
    one.feed(running, sound_of("two"))
    one.end(running)

    assert await becomes(lambda: notes.finals == [("early words", "early words"), ("one", "one two")])
    assert not notes.troubles
    await one.close()


async def test_an_engine_that_fails_to_load_is_told_and_tried_again() -> None:
    engine, notes = Breakable(), Notes()
    engine.load_trouble = EngineTrouble(FAILED, "no such model")
    one = started(engine.loaded(), notes)
    say(one, "one")
    assert await becomes(lambda: notes.troubles == [("", FAILED)])
    assert notes.finals == [("one", "")]
    assert "no such model" in notes.messages[0]
    engine.load_trouble = None

    assert await becomes(lambda: notes.troubles == [("", FAILED), ("", "over")])
    say(one, "two")
    assert await becomes(lambda: notes.finals == [("one", ""), ("two", "two")])
    await one.close()


async def test_an_engine_that_takes_no_more_is_asked_again() -> None:
    engine, notes = Breakable(), Notes()
    engine.open_trouble = EngineTrouble(FAILED, "too many")
    one = started(engine.loaded(), notes)
    assert await becomes(lambda: notes.troubles == [("", FAILED)])
    say(one, "lost")
    engine.open_trouble = None

    assert await becomes(lambda: notes.troubles == [("", FAILED), ("", "over")])
    assert notes.finals == []
    await one.close()


async def test_a_language_nobody_understands_is_told_once() -> None:
    engine, notes = Breakable(), Notes()
    engine.open_trouble = EngineTrouble(UNSUPPORTED, "no")
    one = started(engine.loaded(), notes)

    assert await becomes(lambda: notes.troubles == [("", UNSUPPORTED)])
    await one.close()


async def test_a_final_that_does_not_come_is_given_up() -> None:
    engine, notes = Breakable("hang:1"), Notes()
    one = started(engine.loaded(), notes)
    assert await becomes(lambda: engine.streams == 1)
    say(one, "never")
    awaited = one.oldest
    assert await becomes(lambda: notes.finals == [("never", "")])
    assert notes.troubles == [("", FAILED)]
    assert notes.dropped == len(sound_of("never")) // 2
    assert (awaited is not None, one.oldest) == (True, None)
    say(one, "again")

    assert await becomes(lambda: notes.finals[1:] == [("again", "again")])
    assert notes.troubles == [("", FAILED), ("", "over")]
    assert engine.streams == 1
    await one.close()


async def test_what_was_understood_stays_when_the_final_is_given_up() -> None:
    engine, notes = Breakable("hang:1"), Notes()
    one = started(engine.loaded(), notes)
    assert await becomes(lambda: engine.streams == 1)
    say(one, "never")
    one.heard("never", Heard("half of", False, "en"))

    assert await becomes(lambda: notes.finals == [("never", "half of")])
    await one.close()


async def test_words_of_the_target_language_are_passed_on_as_they_are() -> None:
    engine, notes = Breakable("hang:1"), Notes()
    one = started(engine.loaded(), notes, wish=RecognizerWish("auto", targets=("en-US",)))
    assert await becomes(lambda: engine.streams == 1)
    say(one, "never", ends=False)
    one.heard("never", Heard("as it is", False, "en"))
    one.translated("never", "en-US", Heard("AS IT IS", True, "en"))

    assert notes.translations == [("en-US", "as it is", "as it is")]
    await one.close()


async def test_what_is_still_spoken_goes_to_the_next_recogniser() -> None:
    engine, notes = Breakable("hang:1"), Notes()
    one = started(engine.loaded(), notes)
    assert await becomes(lambda: engine.streams == 1)
    say(one, "never")
    running = say(one, "lost", ends=False)
    assert await becomes(lambda: notes.finals == [("never", "")])
    one.feed(running, sound_of("rest"))
    one.end(running)

    assert await becomes(lambda: notes.finals[1:] == [("lost", "rest")])
    await one.close()


async def test_an_engine_that_cannot_follow_is_given_up() -> None:
    engine, notes = Breakable("hang:1"), Notes()
    one = started(engine.loaded(), notes, limits=TrackLimits(10.0, SAMPLE_RATE))
    assert await becomes(lambda: engine.streams == 1)
    say_sound(one, "much", silence(2.0))
    say(one, "next")

    assert await becomes(lambda: notes.finals == [("much", ""), ("next", "next")])
    assert notes.dropped == 2 * SAMPLE_RATE
    await one.close()


async def test_while_an_engine_loads_only_so_much_waits() -> None:
    engine, notes = Breakable(), Notes()
    one = started(engine.alone(), notes, limits=TrackLimits(10.0, SAMPLE_RATE))
    say_sound(one, "much", silence(0.9))
    say_sound(one, "more", silence(0.9))

    assert notes.finals == [("much", "")]
    assert notes.dropped == int(0.9 * SAMPLE_RATE)
    await one.close()


async def test_a_broken_recogniser_is_opened_anew() -> None:
    engine, notes = Breakable(), Notes()
    one = started(engine.loaded(), notes)
    assert await becomes(lambda: engine.streams == 1)
    engine.breaks = True
    say(one, "lost")
    engine.breaks = False

    assert notes.finals == [("lost", "")]
    assert await becomes(lambda: notes.troubles == [("", FAILED), ("", "over")])
    assert "RuntimeError: broken" in notes.messages[0]
    say(one, "again")
    assert await becomes(lambda: notes.finals[1:] == [("again", "again")])
    await one.close()


async def test_an_engine_that_repairs_itself_is_left_to_it() -> None:
    engine, notes = Breakable("fail:1"), Notes()
    one = started(engine.loaded(), notes, limits=TrackLimits(10.0, 30 * SAMPLE_RATE))
    assert await becomes(lambda: engine.streams == 1)
    say(one, "lost")
    say(one, "again")

    assert await becomes(lambda: notes.troubles == [("", FAILED), ("", "over")])
    assert notes.finals == [("again", "again")]
    await one.close()


async def test_one_that_does_not_repair_itself_is_opened_anew() -> None:
    engine, notes = Breakable("fail:1"), Notes()
    one = started(engine.loaded(), notes, limits=TrackLimits(10.0, 30 * SAMPLE_RATE))
    assert await becomes(lambda: engine.streams == 1)
    say(one, "lost")

    assert await becomes(lambda: notes.finals == [("lost", "")])
    say(one, "again")
    assert await becomes(lambda: notes.troubles == [("", FAILED), ("", "over")])
    assert notes.finals == [("lost", ""), ("again", "again")]
    await one.close()


async def test_the_lateness_of_finals_is_noted() -> None:
    engine, notes = Breakable(), Notes()
    one = started(engine.loaded(), notes)
    assert await becomes(lambda: engine.streams == 1)
    say(one, "one")

    assert await becomes(lambda: len(notes.late) == 1)
    assert 0 <= notes.late[0] < 1
    await one.close()


async def test_translations_of_the_recogniser_belong_to_the_utterance() -> None:
    engine, notes = Breakable(), Notes()
    one = started(engine.loaded(), notes, RecognizerWish("de-DE", targets=("en-US", "de-DE")))
    assert await becomes(lambda: engine.streams == 1)
    say(one, "eins")

    assert await becomes(lambda: one.oldest is None)
    assert sorted(notes.translations) == [("de-DE", "eins", "eins"), ("en-US", "eins", "EINS")]
    await one.close()


async def test_a_target_that_is_wished_later_is_made_from_the_next_utterance_on() -> None:
    engine, notes = Breakable(), Notes()
    one = started(engine.loaded(), notes, RecognizerWish("de-DE"))
    assert await becomes(lambda: engine.streams == 1)
    one.configure(RecognizerWish("de-DE", targets=("en", "xx")))
    say(one, "eins")

    assert await becomes(lambda: notes.translations == [("en", "eins", "EINS")])
    assert notes.troubles == [("xx", "TRANSLATION_UNSUPPORTED")]
    one.configure(RecognizerWish("de-DE", targets=("en",)))
    one.troubles.tell_again()
    assert len(notes.troubles) == 1
    await one.close()


async def test_closing_lets_go_of_the_recogniser() -> None:
    engine, notes = Breakable(), Notes()
    one = started(engine.loaded(), notes)
    assert await becomes(lambda: engine.streams == 1)
    await one.close()

    assert engine.streams == 0
