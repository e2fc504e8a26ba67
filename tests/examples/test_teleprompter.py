"""Teleprompter: where a reader is in a script, wearers through the wire, and the program's script file."""

import runpy
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from examples.teleprompter.app import build_app
from examples.teleprompter.script import Script, alike, words_of
from mentra_sdk import MiniAppServer
from tests.examples.wearing import Wearer, read_example, wear
from tests.mentra_sdk.fake_cloud import API_KEY, FakeCloud, shut_down, transcription

FOLDER = "teleprompter"
PACKAGE = "com.example.teleprompter"
SPEECH = """It is a truth universally acknowledged, that a single man
in possession of a good fortune, must be in want of a wife.
However little known the feelings or views of such a man may be."""


def script(columns: int = 40) -> Script:
    return Script(SPEECH, columns)


def test_words_are_what_is_spoken_of_a_text() -> None:
    assert words_of("Don’t stop – it's 5 o'clock!") == ["don't", "stop", "it's", "5", "o'clock"]
    assert words_of("左へ go") == ["左", "へ", "go"]


@pytest.mark.parametrize(
    ("spoken", "written", "is_alike"),
    [
        ("want", "want", True),
        ("acknowledge", "acknowledged", True),
        ("man", "may", False),
        ("in", "is", False),
        ("single", "feelings", False),
    ],
)
def test_what_a_recogniser_may_have_heard(spoken: str, written: str, is_alike: bool) -> None:
    assert alike(spoken, written) is is_alike


def test_a_reader_is_followed_word_by_word() -> None:
    place = script()
    said = ""
    for number, word in enumerate(words_of(SPEECH), start=1):
        said = f"{said} {word}"
        assert place.follow(said), word
        assert place.said == number
    assert place.is_over


@pytest.mark.parametrize(
    ("spoken", "reached"),
    [
        ("it is a truth", 4),
        ("it is the truth universally", 5),
        ("universally acknowledged", 6),
        ("must be in want of", 21),
        ("however little known the feelings", 28),
        ("hello everybody and good evening", 0),
        ("a man", 0),
        ("such", 0),
        ("", 0),
    ],
)
def test_a_jump_takes_the_more_words_the_further_it_is(spoken: str, reached: int) -> None:
    place = script()
    place.follow(spoken)
    assert place.said == reached


def test_the_same_words_again_move_nothing_and_a_sentence_again_goes_back() -> None:
    place = script()
    place.follow("it is a truth universally acknowledged")
    assert not place.follow("It is a truth universally acknowledged.")
    place.follow("in possession of a good fortune")
    assert place.said == 16
    assert place.follow("it is a truth universally")
    assert place.said == 5


def test_the_line_that_is_said_stands_below_the_one_before() -> None:
    place = script(20)
    assert place.lines(3) == ["It is a truth", "universally", "acknowledged, that a"]
    place.follow("it is a truth universally acknowledged that a single")
    assert place.lines(3) == ["acknowledged, that a", "single man", "in possession of a"]
    assert place.lines(2) == ["single man", "in possession of a"]
    while not place.is_over:
        place.advance()
    assert place.lines(2)[-1] == "may be."
    place.restart()
    assert place.lines(1) == ["It is a truth"]
    assert Script("", 20).lines(3) == []


def test_the_config_of_the_app_is_one_that_the_cloud_takes() -> None:
    keys = [each["key"] for each in read_example(FOLDER)["settings_definitions"]]
    assert keys == ["script", "follow", "speed", "lines"]


@pytest.fixture
async def app() -> AsyncIterator[MiniAppServer]:
    building = build_app(package_name=PACKAGE, api_key=API_KEY, port=0, script="Nobody wrote a script.")
    yield building
    await shut_down(building)


@pytest.fixture
async def wearer(fake_cloud: FakeCloud, app: MiniAppServer) -> Wearer:
    return await wear(fake_cloud, app, FOLDER, script=SPEECH, lines=2)


async def say(wearer: Wearer, text: str) -> None:
    await wearer.socket.send_event("transcription:auto", transcription(text, isFinal=False))


SECOND = "in possession of a good fortune, must be"
FIRST = "It is a truth universally acknowledged,"


async def test_the_text_moves_with_the_voice_and_stops_at_the_button(wearer: Wearer) -> None:
    assert (await wearer.read()).splitlines()[0] == FIRST
    await say(wearer, "it is a truth universally acknowledged that a single man in possession")
    assert (await wearer.read()).splitlines()[0] == SECOND
    await wearer.press()
    assert await wearer.read() == f"{SECOND}\n– paused –"
    await say(wearer, "of a good fortune must be in want of a wife")
    await wearer.press()
    assert (await wearer.read()).splitlines() == [SECOND, "in want of a wife."]
    await wearer.press("long")
    assert (await wearer.read()).splitlines()[0] == FIRST


async def test_at_the_end_the_button_begins_again(wearer: Wearer) -> None:
    await wearer.choose(script="Just three words.")
    await wearer.until(lambda text: text == "Just three words.")
    await say(wearer, "just three words")
    assert await wearer.read() == "Just three words.\n– the end –"
    await wearer.press()
    assert await wearer.read() == "Just three words."


async def test_without_following_time_moves_the_text_and_the_microphone_is_off(
    wearer: Wearer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "transcription:auto" in (await wearer.socket.next_of("subscription_update"))["subscriptions"]
    monkeypatch.setattr("examples.teleprompter.app.SECONDS_A_MINUTE", 0.5)
    await wearer.choose(follow=False)
    assert "transcription:auto" not in (await wearer.socket.next_of("subscription_update"))["subscriptions"]
    assert await wearer.until(lambda text: "the end" in text)
    await wearer.choose(follow=True)
    assert "transcription:auto" in (await wearer.socket.next_of("subscription_update"))["subscriptions"]


async def test_where_nothing_is_heard_the_text_says_so_and_moves_by_itself(
    wearer: Wearer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("examples.teleprompter.app.SECONDS_A_MINUTE", 0.5)
    await wearer.report("SPEECH_UNAVAILABLE", "No speech worker runs.")
    assert await wearer.until(lambda text: "cannot hear you" in text)
    assert await wearer.until(lambda text: "the end" in text)


async def test_a_blip_leaves_the_text_where_it_was(wearer: Wearer) -> None:
    await say(wearer, "it is a truth universally acknowledged that a single man in possession")
    await wearer.until(lambda text: text.startswith(SECOND))
    await wearer.blip()
    assert await wearer.until(lambda text: text.startswith(SECOND))


async def test_two_wearers_read_each_their_own(
    wearer: Wearer, fake_cloud: FakeCloud, app: MiniAppServer
) -> None:
    bob = await wear(fake_cloud, app, FOLDER, user="bob@example.com")
    assert await bob.read() == "Nobody wrote a script."
    await say(bob, "nobody wrote a script")
    assert await bob.read() == "Nobody wrote a script.\n– the end –"
    assert (await wearer.read()).splitlines()[0] == FIRST


def test_the_program_names_a_script_file_that_it_cannot_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SCRIPT_FILE", str(tmp_path / "missing.txt"))
    with pytest.raises(SystemExit, match="SCRIPT_FILE cannot be read"):
        runpy.run_module("examples.teleprompter", run_name="__main__")
