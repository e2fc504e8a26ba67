"""What is asked of Deepgram, and what becomes of its messages."""

from urllib.parse import parse_qs, urlsplit

import pytest
from pytest_django.fixtures import Settings

from sessions_app.speech.engine import EngineState, EngineTrouble
from sessions_app.speech.engines.deepgram import Deepgram, make_engine
from sessions_app.speech.engines.hosted_dialect import ProviderProblem
from sessions_app.speech.wire import RecognizerWish
from tests.sessions_app.speech.engines.conftest import Theatre
from tests.support.hosted_speech import KEY, Listener, sound


def asked(wish: RecognizerWish, model: str = "nova-3") -> dict[str, list[str]]:
    return parse_qs(
        urlsplit(Deepgram(KEY, "wss://example.test/v1/listen", model).dialect(wish, "").url).query
    )


def test_it_asks_for_raw_sound_interim_results_and_the_language() -> None:
    query = asked(RecognizerWish("en-US"))

    assert query["encoding"] == ["linear16"]
    assert query["sample_rate"] == ["16000"]
    assert query["interim_results"] == ["true"]
    assert query["language"] == ["en-US"]
    assert "diarize" not in query


@pytest.mark.parametrize(
    ("setting", "language"),
    [("de-DE", "de"), ("pt-BR", "pt-BR"), ("nb-NO", "no"), ("zh-Hant", "zh-Hant"), ("fil-PH", "tl")],
)
def test_a_locale_it_does_not_know_is_asked_for_by_its_language(setting: str, language: str) -> None:
    assert asked(RecognizerWish(setting))["language"] == [language]


def test_auto_is_asked_for_as_several_languages_with_hints() -> None:
    query = asked(RecognizerWish("auto", hints=("en", "es"), diarization=True))

    assert query["language"] == ["multi"]
    assert query["language_hint"] == ["en", "es"]
    assert query["diarize"] == ["true"]


def test_vocabulary_is_passed_on_as_far_as_it_is_taken() -> None:
    many = tuple(f"Word{number}" for number in range(300))

    assert asked(RecognizerWish("en-US", vocabulary=("Gräfin Mariza", "LC3")))["keyterm"] == [
        "Gräfin Mariza",
        "LC3",
    ]
    assert len(asked(RecognizerWish("en-US", vocabulary=many))["keyterm"]) == 100


def test_an_older_model_gets_single_words_by_their_older_name() -> None:
    query = asked(RecognizerWish("auto", hints=("en",), vocabulary=("Mariza", "two words")), model="nova-2")

    assert query["keywords"] == ["Mariza"]
    assert "keyterm" not in query
    assert "language_hint" not in query


async def test_interim_words_grow_and_the_final_ones_are_all_of_them(theatre: Theatre) -> None:
    stage = await theatre.deepgram()
    stage.recognizer.begin("one")
    stage.recognizer.feed(sound(2.0))
    socket = await stage.server.next_socket()
    assert socket.headers["authorization"] == f"Token {KEY}"
    await socket.until_sound(2.0)
    await socket.results("hello", 0.0, 1.0)
    await socket.results("Hello there.", 0.0, 1.2, is_final=True, confidence=0.9)
    await socket.results("how", 1.2, 0.8)
    await stage.listener.interim("Hello there. how")
    stage.recognizer.end()
    await socket.until("Finalize")
    await socket.results("How are you?", 1.2, 0.8, is_final=True, from_finalize=True, confidence=0.8)

    final = await stage.listener.final("one")

    assert stage.listener.texts() == [
        ("one", "hello", False),
        ("one", "Hello there.", False),
        ("one", "Hello there. how", False),
        ("one", "Hello there. How are you?", True),
    ]
    assert final.language == "en-US"
    assert final.confidence == pytest.approx((2 * 0.9 + 3 * 0.8) / 5)


async def test_the_language_and_the_speaker_are_those_of_most_words(theatre: Theatre) -> None:
    stage = await theatre.deepgram(RecognizerWish("auto", diarization=True))
    stage.speak("one", sound(2.0))
    socket = await stage.server.next_socket()
    await socket.until("Finalize")
    await socket.results("Hola", 0.0, 0.5, is_final=True, language="es", speaker=1)
    await socket.results(
        "how are you today", 0.5, 1.5, is_final=True, from_finalize=True, language="en", speaker=0
    )

    final = await stage.listener.final("one")

    assert (final.language, final.speaker) == ("en", "0")


async def test_chinese_is_joined_without_spaces(theatre: Theatre) -> None:
    stage = await theatre.deepgram(RecognizerWish("zh-CN"))
    stage.speak("one", sound(2.0))
    socket = await stage.server.next_socket()
    await socket.until("Finalize")
    await socket.results("你好，", 0.0, 1.0, is_final=True)
    await socket.results("世界。", 1.0, 1.0, is_final=True, from_finalize=True)

    assert (await stage.listener.final("one")).text == "你好，世界。"


async def test_an_utterance_is_over_when_all_its_sound_became_words(theatre: Theatre) -> None:
    """`from_finalize` is not promised."""
    stage = await theatre.deepgram()
    stage.speak("one", sound(1.0))
    socket = await stage.server.next_socket()
    await socket.until("Finalize")
    await socket.results("Yes.", 0.0, 1.0, is_final=True)

    assert (await stage.listener.final("one")).text == "Yes."


async def test_a_flush_without_an_answer_ends_when_nothing_is_left_to_say(theatre: Theatre) -> None:
    stage = await theatre.deepgram()
    stage.recognizer.begin("one")
    stage.recognizer.feed(sound(1.0))
    socket = await stage.server.next_socket()
    await socket.until_sound(1.0)
    await socket.results("Yes.", 0.0, 0.6, is_final=True)
    await stage.listener.interim("Yes.")
    stage.recognizer.end()

    final = await stage.listener.final("one")
    assert final.text == "Yes."
    # It was no failure: the same connection serves the next utterance.
    stage.speak("two", sound(1.0))
    await socket.until_sound(2.0)
    assert stage.server.has_no_new_socket()


async def test_the_answer_to_an_old_flush_does_not_end_the_next_utterance(theatre: Theatre) -> None:
    stage = await theatre.deepgram()
    stage.speak("one", sound(1.0))
    socket = await stage.server.next_socket()
    await socket.until("Finalize")
    await socket.results("Yes.", 0.0, 1.0, is_final=True)
    await stage.listener.final("one")
    stage.speak("two", sound(1.0))
    await socket.until("Finalize")
    await socket.results("", 1.0, 0.0, is_final=True, from_finalize=True)
    await socket.results("No.", 1.0, 1.0, is_final=True, from_finalize=True)

    assert (await stage.listener.final("two")).text == "No."
    assert [text for text in stage.listener.texts() if text[2]] == [
        ("one", "Yes.", True),
        ("two", "No.", True),
    ]


async def test_words_belong_to_the_utterance_whose_sound_they_are(theatre: Theatre) -> None:
    """The next utterance may begin before the last one is final."""
    stage = await theatre.deepgram()
    stage.speak("one", sound(1.0))
    stage.recognizer.begin("two")
    stage.recognizer.feed(sound(1.0, 2))
    socket = await stage.server.next_socket()
    await socket.until_sound(2.0)
    await socket.results("First.", 0.0, 0.9, is_final=True)
    await socket.results("sec", 1.0, 0.5)
    await stage.listener.interim("sec")
    stage.recognizer.end()
    await socket.results("Second.", 1.0, 1.0, is_final=True, from_finalize=True)
    await stage.listener.final("two")

    assert [text for text in stage.listener.texts() if text[2]] == [
        ("one", "First.", True),
        ("two", "Second.", True),
    ]


async def test_other_messages_are_of_no_interest(theatre: Theatre) -> None:
    stage = await theatre.deepgram()
    stage.speak("one", sound(1.0))
    socket = await stage.server.next_socket()
    await socket.until("Finalize")
    await socket.metadata()
    await socket.say({"type": "SpeechStarted", "channel": [0], "timestamp": 0.1})
    await socket.say({"type": "UtteranceEnd", "channel": [0, 1], "last_word_end": 0.9})
    await socket.results("Yes.", 0.0, 1.0, is_final=True)

    assert (await stage.listener.final("one")).text == "Yes."


async def test_a_stream_ends_with_its_documented_message(theatre: Theatre) -> None:
    stage = await theatre.deepgram()
    stage.recognizer.begin("one")
    stage.recognizer.feed(sound(0.5))
    socket = await stage.server.next_socket()
    await socket.until_sound(0.5)
    closing = stage.recognizer.close()
    await closing
    await socket.until("CloseStream")

    assert stage.listener.events == []


@pytest.mark.parametrize("message", [b"\xff\xfe", "[]", '{"type":"Results"}'])
def test_what_is_no_message_of_its_api_is_a_problem(message: str | bytes) -> None:
    dialect = Deepgram(KEY, "wss://example.test", "nova-3").dialect(RecognizerWish("en-US"), "")

    with pytest.raises(ProviderProblem):
        list(dialect.read(message))


def test_an_error_message_is_a_problem_that_says_why() -> None:
    dialect = Deepgram(KEY, "wss://example.test", "nova-3").dialect(RecognizerWish("en-US"), "")

    with pytest.raises(ProviderProblem, match="no room"):
        list(dialect.read('{"type":"Error","description":"no room","variant":"x"}'))


async def test_without_a_key_it_is_missing_and_names_the_setting(settings: Settings) -> None:
    settings.DEEPGRAM_API_KEY = ""
    engine = make_engine()

    assert engine.report().state is EngineState.MISSING
    assert engine.report().detail == "set DEEPGRAM_API_KEY"
    with pytest.raises(EngineTrouble, match="DEEPGRAM_API_KEY"):
        await engine.load()
    with pytest.raises(EngineTrouble, match="DEEPGRAM_API_KEY"):
        engine.open(RecognizerWish("en-US"), Listener())


def test_it_speaks_the_languages_of_its_model() -> None:
    engine = make_engine()

    assert engine.speaks("en-GB")
    assert engine.speaks("auto")
    assert not engine.speaks("cy-GB")


async def test_settings_say_who_is_asked_and_how(settings: Settings) -> None:
    settings.DEEPGRAM_API_KEY, settings.DEEPGRAM_URL, settings.DEEPGRAM_MODEL = (
        KEY,
        "wss://eu.example.test/x",
        "newest",
    )
    settings.SPEECH_HOSTED_IDLE_SECONDS = 7.0
    engine = make_engine()
    await engine.load()
    dialect = engine.provider.dialect(RecognizerWish("en-US"), "")

    assert engine.report().state is EngineState.READY
    assert dialect.url.startswith("wss://eu.example.test/x")
    assert "newest" in dialect.url + "".join(dialect.greeting())
    assert KEY in dialect.headers()["Authorization"]
    assert KEY not in dialect.url
    assert engine.limits.idle == 7.0
