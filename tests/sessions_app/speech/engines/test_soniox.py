"""What is asked of Soniox, and what becomes of its tokens."""

import json
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from sessions_app.speech.engine import EngineState, EngineTrouble
from sessions_app.speech.engines.hosted_dialect import Fault, ProviderProblem
from sessions_app.speech.engines.soniox import Soniox, make_engine
from sessions_app.speech.wire import RecognizerWish
from tests.sessions_app.speech.engines.conftest import Theatre
from tests.support.hosted_speech import FIN, KEY, sound, token


def provider(*targets: str) -> Soniox:
    return Soniox(KEY, "wss://example.test", "stt-rt-v5", frozenset(targets))


def asked(wish: RecognizerWish, target: str = "") -> dict[str, Any]:
    (start,) = provider().dialect(wish, target).greeting()
    request: dict[str, Any] = json.loads(start)
    return request


def test_it_asks_for_raw_sound_in_one_language_strictly() -> None:
    request = asked(RecognizerWish("en-US"))

    assert request["model"] == "stt-rt-v5"
    assert request["audio_format"] == "pcm_s16le"
    assert (request["sample_rate"], request["num_channels"]) == (16000, 1)
    assert (request["language_hints"], request["language_hints_strict"]) == (["en"], True)
    assert "translation" not in request
    assert "api_key" not in request


def test_auto_identifies_the_language_among_those_hinted_at() -> None:
    request = asked(RecognizerWish("auto", hints=("en-US", "nb", "xx"), identify_language=False))

    assert request["enable_language_identification"] is True
    assert (request["language_hints"], request["language_hints_strict"]) == (["en", "no"], False)
    assert "language_hints" not in asked(RecognizerWish("auto"))


def test_vocabulary_is_its_context_as_far_as_it_is_taken() -> None:
    many = tuple("x" * 96 for _ in range(200))

    assert asked(RecognizerWish("en-US", vocabulary=("Mariza", "LC3")))["context"] == {
        "terms": ["Mariza", "LC3"]
    }
    assert len(asked(RecognizerWish("en-US", vocabulary=many))["context"]["terms"]) == 80


def test_a_translation_is_asked_for_in_the_same_request() -> None:
    assert asked(RecognizerWish("auto"), "fr")["translation"] == {"type": "one_way", "target_language": "fr"}


async def test_tokens_grow_into_the_final_words(theatre: Theatre) -> None:
    stage = await theatre.soniox(RecognizerWish("auto", diarization=True))
    stage.recognizer.begin("one")
    stage.recognizer.feed(sound(2.0))
    socket = await stage.server.next_socket()
    assert socket.headers["authorization"] == f"Bearer {KEY}"
    assert KEY not in json.dumps(await socket.start())
    await socket.until_sound(2.0)
    await socket.tokens(token("How", is_final=False), token("'re", is_final=False), total_ms=400)
    await socket.tokens(
        token("How", language="en", speaker="1"), token(" are", is_final=False), final_ms=300, total_ms=700
    )
    await stage.listener.interim("How are")
    stage.recognizer.end()
    await socket.until("finalize")
    await socket.tokens(
        token(" are", language="en", speaker="1", confidence=0.5),
        token(" you?", language="en", speaker="1", confidence=0.7),
        FIN,
        final_ms=2000,
        total_ms=2000,
    )

    final = await stage.listener.final("one")

    assert stage.listener.texts() == [
        ("one", "How're", False),
        ("one", "How are", False),
        ("one", "How are you?", True),
    ]
    assert (final.language, final.speaker) == ("en", "1")
    assert final.confidence == pytest.approx((0.9 + 0.5 + 0.7) / 3)


async def test_what_follows_the_end_of_a_flush_is_of_the_next_utterance(theatre: Theatre) -> None:
    stage = await theatre.soniox()
    stage.speak("one", sound(1.0))
    stage.recognizer.begin("two")
    stage.recognizer.feed(sound(1.0))
    socket = await stage.server.next_socket()
    await socket.start()
    await socket.until_sound(2.0)
    await socket.tokens(token("First."), FIN, token("Sec", is_final=False), final_ms=1000, total_ms=1500)
    await stage.listener.interim("Sec")
    stage.recognizer.end()
    await socket.tokens(token("Second."), token("<end>"), FIN, final_ms=2000, total_ms=2000)
    await stage.listener.final("two")

    assert stage.listener.texts() == [
        ("one", "First.", True),
        ("two", "Sec", False),
        ("two", "Second.", True),
    ]


async def test_it_translates_what_it_hears_where_that_is_wished(theatre: Theatre) -> None:
    wish = RecognizerWish("en-US", targets=("fr-FR",))
    stage = await theatre.soniox(wish, translates_to=frozenset({"fr"}))
    stage.speak("one", sound(1.0))
    socket = await stage.server.next_socket()
    assert (await socket.start())["translation"]["target_language"] == "fr"
    await socket.until("finalize")
    await socket.tokens(
        token("Hello everyone,", translation_status="original"),
        token("Bonjour", translation_status="translation", language="fr", source_language="en"),
        token(" à", translation_status="translation", is_final=False),
    )
    await socket.tokens(token(" à tous,", translation_status="translation"), FIN)

    assert (await stage.listener.translation("one", "fr-FR")).text == "Bonjour à tous,"
    assert stage.listener.texts()[-1] == ("one", "Hello everyone,", True)
    kinds = [(event[0], event[-1].is_final) for event in stage.listener.events]
    assert kinds == [("heard", False), ("translated", False), ("heard", True), ("translated", True)]


async def test_words_of_the_target_language_are_their_own_translation(theatre: Theatre) -> None:
    wish = RecognizerWish("auto", targets=("fr",))
    stage = await theatre.soniox(wish, translates_to=frozenset({"fr"}))
    stage.speak("one", sound(1.0))
    socket = await stage.server.next_socket()
    await socket.start()
    await socket.until("finalize")
    await socket.tokens(token("Bonjour à tous", translation_status="none", language="fr"), FIN)

    assert (await stage.listener.translation("one", "fr")).text == "Bonjour à tous"
    assert (await stage.listener.final("one")).language == "fr"


async def test_each_further_target_has_a_stream_of_its_own_and_waits_for_the_words(theatre: Theatre) -> None:
    wish = RecognizerWish("en-US", targets=("fr-FR", "es-ES", "ko-KR"))
    stage = await theatre.soniox(wish, translates_to=frozenset({"fr", "es"}))
    stage.speak("one", sound(1.0))
    sockets = {}
    for _ in range(2):
        socket = await stage.server.next_socket()
        sockets[(await socket.start())["translation"]["target_language"]] = socket
        await socket.until("finalize")
    await sockets["es"].tokens(
        token("Hello", translation_status="original"), token("Hola", translation_status="translation"), FIN
    )
    await sockets["fr"].tokens(
        token("Hello", translation_status="original"), token("Salut", translation_status="translation"), FIN
    )

    assert (await stage.listener.translation("one", "es-ES")).text == "Hola"
    assert (await stage.listener.translation("one", "fr-FR")).text == "Salut"
    finals = [event[:3] for event in stage.listener.events if event[-1].is_final]
    assert [event[0] for event in finals] == ["heard", "translated", "translated"]


async def test_a_target_it_was_not_told_to_translate_into_costs_nothing(theatre: Theatre) -> None:
    stage = await theatre.soniox(RecognizerWish("en-US", targets=("fr-FR",)))
    stage.speak("one", sound(1.0))
    socket = await stage.server.next_socket()

    assert "translation" not in await socket.start()


async def test_a_stream_ends_with_an_empty_message(theatre: Theatre) -> None:
    stage = await theatre.soniox()
    stage.recognizer.begin("one")
    socket = await stage.server.next_socket()
    await socket.start()
    await stage.recognizer.close()

    await socket.until("")


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        (400, Fault.REJECTED),
        (401, Fault.REFUSED),
        (402, Fault.REFUSED),
        (429, Fault.BUSY),
        (503, Fault.BROKEN),
    ],
)
def test_its_error_codes_are_those_of_http(code: int, fault: Fault) -> None:
    dialect = provider().dialect(RecognizerWish("en-US"), "")

    with pytest.raises(ProviderProblem, match="reason") as problem:
        list(dialect.read(json.dumps({"tokens": [], "error_code": code, "error_message": "reason"})))

    assert problem.value.fault is fault


def test_what_is_no_message_of_its_api_is_a_problem() -> None:
    with pytest.raises(ProviderProblem):
        list(provider().dialect(RecognizerWish("en-US"), "").read('{"tokens": 1}'))


async def test_without_a_key_it_is_missing_and_names_the_setting(settings: Settings) -> None:
    settings.SONIOX_API_KEY = ""
    engine = make_engine()

    assert engine.report().state is EngineState.MISSING
    assert engine.report().detail == "set SONIOX_API_KEY"
    with pytest.raises(EngineTrouble):
        await engine.load()


def test_it_speaks_its_languages() -> None:
    assert provider().speaks("cy-GB")
    assert provider().speaks("nb-NO")
    assert not provider().speaks("la")


async def test_settings_say_who_is_asked_and_how(settings: Settings) -> None:
    settings.SONIOX_API_KEY, settings.SONIOX_URL, settings.SONIOX_MODEL = (
        KEY,
        "wss://eu.example.test/x",
        "newest",
    )
    settings.SPEECH_HOSTED_IDLE_SECONDS, settings.SONIOX_TRANSLATES_TO = 7.0, ["en-US", "fr"]
    engine = make_engine()
    await engine.load()
    dialect = engine.provider.dialect(RecognizerWish("en-US"), "")

    assert engine.report().state is EngineState.READY
    assert dialect.url.startswith("wss://eu.example.test/x")
    assert "newest" in dialect.url + "".join(dialect.greeting())
    assert KEY in dialect.headers()["Authorization"]
    assert KEY not in dialect.url
    assert engine.limits.idle == 7.0
    assert engine.translates_to == {"en", "fr"}
