"""What is asked of DeepL, and what becomes of its answers."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest
from pytest_django import Settings

from sessions_app.speech.engine import EngineState, EngineTrouble
from sessions_app.speech.translation.choice import make_translator
from sessions_app.speech.translation.deepl import DeeplTranslator
from tests.support.hosted_web import KEY, Answer, HostedWeb

SOURCES = [{"language": code, "name": code} for code in ("EN", "DE", "PT", "NB", "ZH")]
TARGETS = [
    {"language": code, "name": code, "supports_formality": False}
    for code in ("DE", "EN-GB", "EN-US", "PT-PT", "PT-BR", "ES-419", "ES", "NB", "ZH", "ZH-HANS", "ZH-HANT")
]
TRANSLATED = Answer({"translations": [{"detected_source_language": "EN", "text": "Guten Morgen"}]})


@pytest.fixture
async def web() -> AsyncIterator[HostedWeb]:
    async with HostedWeb() as web:
        web.will_answer("/v2/languages?type=source", Answer(SOURCES))
        web.will_answer("/v2/languages?type=target", Answer(TARGETS))
        web.will_answer("/v2/translate", TRANSLATED)
        yield web


@pytest.fixture
async def deepl(web: HostedWeb) -> AsyncIterator[DeeplTranslator]:
    timeout = aiohttp.ClientTimeout(total=0.3)
    translator = DeeplTranslator(KEY, web.url, timeout=timeout, retry_seconds=0.01, reload_seconds=0.02)
    yield translator
    await translator.close()


async def until(is_true: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not is_true():  # noqa: ASYNC110 - what is waited for is a plain state
            await asyncio.sleep(0.001)


async def test_a_sentence_is_translated(web: HostedWeb, deepl: DeeplTranslator) -> None:
    await deepl.load()

    assert await deepl.translate("Good morning", "en", "de") == "Guten Morgen"
    asked = web.asked[-1]
    assert (asked.method, asked.path) == ("POST", "/v2/translate")
    assert asked.headers["Authorization"] == f"DeepL-Auth-Key {KEY}"
    assert asked.body == {"text": ["Good morning"], "source_lang": "EN", "target_lang": "DE"}


@pytest.mark.parametrize(
    ("target", "variant"),
    [("en", "EN-US"), ("pt", "PT-BR"), ("es", "ES"), ("zh", "ZH-HANS"), ("no", "NB")],
)
async def test_a_language_is_written_in_its_usual_variant(
    web: HostedWeb, deepl: DeeplTranslator, target: str, variant: str
) -> None:
    await deepl.load()
    await deepl.translate("Guten Morgen", "de", target)

    assert web.asked[-1].body["target_lang"] == variant


async def test_its_pairs_are_what_it_says_it_knows(deepl: DeeplTranslator) -> None:
    await deepl.load()

    assert ("en", "es") in deepl.pairs()
    assert ("no", "zh") in deepl.pairs()
    assert ("es", "en") not in deepl.pairs()
    assert ("de", "de") not in deepl.pairs()
    assert "en-de" in deepl.report().languages
    assert not deepl.is_quick()
    with pytest.raises(EngineTrouble, match="es-en"):
        await deepl.translate("Hola", "es", "en")


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_what_passes_is_tried_once_more(web: HostedWeb, deepl: DeeplTranslator, status: int) -> None:
    web.will_answer("/v2/translate", Answer({"message": "later"}, status=status), TRANSLATED)
    await deepl.load()

    assert await deepl.translate("Good morning", "en", "de") == "Guten Morgen"


async def test_it_waits_as_long_as_it_is_told(web: HostedWeb, deepl: DeeplTranslator) -> None:
    web.will_answer("/v2/translate", Answer({}, status=429, headers={"Retry-After": "1"}), TRANSLATED)
    await deepl.load()
    loop = asyncio.get_running_loop()
    began = loop.time()
    await deepl.translate("Good morning", "en", "de")

    assert loop.time() - began >= 1.0


async def test_it_does_not_wait_longer_than_a_listener_would(web: HostedWeb, deepl: DeeplTranslator) -> None:
    web.will_answer("/v2/translate", Answer({}, status=429, headers={"Retry-After": "60"}))
    await deepl.load()

    with pytest.raises(EngineTrouble, match="answered 429"):
        await deepl.translate("Good morning", "en", "de")
    assert web.paths().count("/v2/translate") == 1


async def test_what_fails_twice_has_failed(web: HostedWeb, deepl: DeeplTranslator) -> None:
    web.will_answer("/v2/translate", Answer({"message": "Too many requests"}, status=429))
    await deepl.load()

    with pytest.raises(EngineTrouble, match="DeepL answered 429: Too many requests") as trouble:
        await deepl.translate("Good morning", "en", "de")
    assert trouble.value.code == "TRANSLATION_FAILED"
    assert web.paths().count("/v2/translate") == 2
    assert deepl.report().state is EngineState.READY


@pytest.mark.parametrize("status", [403, 456])
async def test_after_a_refusal_it_is_left_alone(web: HostedWeb, deepl: DeeplTranslator, status: int) -> None:
    web.will_answer("/v2/translate", Answer({"message": f"no {KEY}"}, status=status))
    await deepl.load()
    for _ in range(2):
        with pytest.raises(EngineTrouble, match=f"answered {status}: no …") as trouble:
            await deepl.translate("Good morning", "en", "de")
        assert KEY not in str(trouble.value)

    assert web.paths().count("/v2/translate") == 1
    assert deepl.report().state is EngineState.FAILED
    assert KEY not in deepl.report().detail


async def test_a_provider_that_does_not_answer_costs_two_tries(
    web: HostedWeb, deepl: DeeplTranslator
) -> None:
    await deepl.load()
    web.open.clear()

    with pytest.raises(EngineTrouble, match="did not answer in time"):
        await deepl.translate("Good morning", "en", "de")
    assert web.paths().count("/v2/translate") == 2


@pytest.mark.parametrize("body", [{"translations": []}, {"translations": None}, ["?"]])
async def test_an_answer_without_a_translation_is_trouble(
    web: HostedWeb, deepl: DeeplTranslator, body: Any
) -> None:
    web.will_answer("/v2/translate", Answer(body))
    await deepl.load()

    with pytest.raises(EngineTrouble, match="DeepL answered with"):
        await deepl.translate("Good morning", "en", "de")


async def test_only_so_many_sentences_are_asked_for_at_once(web: HostedWeb) -> None:
    translator = DeeplTranslator(KEY, web.url)
    await translator.load()
    web.open.clear()
    sentences = [asyncio.create_task(translator.translate(f"{one}", "en", "de")) for one in range(32)]
    await web.holds(8)
    with pytest.raises(EngineTrouble, match="Too many"):
        await translator.translate("one more", "en", "de")
    assert web.paths().count("/v2/translate") == 8
    assert translator.report().streams == 32
    web.open.set()

    assert set(await asyncio.gather(*sentences)) == {"Guten Morgen"}
    await translator.close()


async def test_a_provider_that_is_away_at_the_start_is_asked_again(
    web: HostedWeb, deepl: DeeplTranslator
) -> None:
    web.will_answer("/v2/languages?type=source", *[Answer({}, status=503)] * 3, Answer(SOURCES))
    with pytest.raises(EngineTrouble, match="503"):
        await deepl.load()
    assert deepl.report().state is EngineState.FAILED
    assert not deepl.pairs()

    await until(lambda: deepl.report().state is EngineState.READY)
    assert await deepl.translate("Good morning", "en", "de") == "Guten Morgen"


async def test_without_a_key_it_is_missing(settings: Settings) -> None:
    settings.DEEPL_API_KEY = ""
    translator = make_translator("deepl")

    with pytest.raises(EngineTrouble, match="set DEEPL_API_KEY"):
        await translator.load()
    assert translator.report().state is EngineState.MISSING
    await translator.close()


@pytest.mark.parametrize(
    ("key", "url", "asked"),
    [
        ("279a2e9d:fx", "", "https://api-free.deepl.com"),
        ("279a2e9d", "", "https://api.deepl.com"),
        ("279a2e9d:fx", "https://own.example.test/", "https://own.example.test"),
    ],
)
def test_the_key_says_which_address_it_is_for(key: str, url: str, asked: str) -> None:
    assert DeeplTranslator(key, url).url == asked
