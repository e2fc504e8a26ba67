"""Pairs find their translator in the order of the deployment, the next one takes over, and sentences are remembered."""

import pytest

from sessions_app.speech.engine import EngineReport, EngineState, EngineTrouble
from sessions_app.speech.translation.routes import Route, Translated, Translations


class FakeTranslator:
    """Marks what it translates; `broken` fails, `missing` is not installed."""

    def __init__(
        self,
        name: str,
        *pairs: tuple[str, str],
        quick: bool = True,
        broken: bool = False,
        missing: bool = False,
    ) -> None:
        self.name = name
        self.asked: list[str] = []
        self._pairs = frozenset(pairs)
        self._quick, self._broken, self._missing = quick, broken, missing

    async def load(self) -> None:
        if self._missing:
            raise EngineTrouble("TRANSLATION_FAILED", "not installed")

    def pairs(self) -> frozenset[tuple[str, str]]:
        return self._pairs

    def is_quick(self) -> bool:
        return self._quick

    async def translate(self, text: str, source: str, target: str) -> str:
        self.asked.append(text)
        if self._broken:
            raise EngineTrouble("TRANSLATION_FAILED", f"{self.name} is broken")
        return f"{text} ({self.name} {source}>{target})"

    def report(self) -> EngineReport:
        return EngineReport(self.name, EngineState.MISSING if self._missing else EngineState.READY)

    async def close(self) -> None:
        return None


async def test_the_first_of_the_order_that_has_the_pair_translates() -> None:
    other = FakeTranslator("a", ("de", "fr"))
    translations = Translations([other, FakeTranslator("b", ("en", "pt")), FakeTranslator("c", ("en", "pt"))])

    assert await translations.translate("hi", "en-US", "pt-BR", True) == Translated("hi (b en>pt)", "b")
    assert not other.asked


async def test_words_of_the_target_language_stay_as_they_are() -> None:
    translations = Translations([FakeTranslator("a", ("en", "pt"))])

    assert await translations.translate("oi", "pt-PT", "pt-BR", True) == Translated("oi", "", False)
    assert translations.find("pt-PT", "pt-BR") == Route()


async def test_a_failing_translator_leaves_the_sentence_to_the_next() -> None:
    broken = FakeTranslator("a", ("en", "pt"), broken=True)
    translations = Translations([broken, FakeTranslator("b", ("en", "pt"))])

    assert (await translations.translate("hi", "en", "pt", True)) == Translated("hi (b en>pt)", "b")
    assert broken.asked == ["hi"]


async def test_when_all_fail_the_error_says_why() -> None:
    translations = Translations([FakeTranslator("a", ("en", "pt"), broken=True)])

    with pytest.raises(EngineTrouble, match="a is broken") as raised:
        await translations.translate("hi", "en", "pt", True)
    assert raised.value.code == "TRANSLATION_FAILED"
    assert await translations.translate("hi", "en", "pt", False) is None


async def test_a_pair_nobody_has_is_answered_with_those_that_work() -> None:
    translations = Translations([FakeTranslator("a", ("en", "pt"), ("pt", "en"))], ["a", "whisper"])

    assert translations.find("en-US", "ja", {"en"}) is None
    with pytest.raises(EngineTrouble, match="en-ja; pairs that work: en-pt, pt-en") as raised:
        await translations.translate("hi", "en-US", "ja-JP", True)
    assert raised.value.code == "TRANSLATION_UNSUPPORTED"
    assert "*-en, en-pt" in str(translations.unsupported("en", "ja", {"en"}))


async def test_slow_translators_take_final_texts_only() -> None:
    slow = FakeTranslator("a", ("en", "pt"), quick=False)
    translations = Translations([slow])

    assert await translations.translate("hi", "en", "pt", False) is None
    assert not slow.asked
    assert await translations.translate("hi", "en", "pt", True) is not None


async def test_a_sentence_is_translated_once() -> None:
    translator = FakeTranslator("a", ("en", "pt"))
    translations = Translations([translator])
    interim = await translations.translate("hi", "en-US", "pt", False)

    assert await translations.translate("hi", "en-GB", "pt-BR", True) == interim
    assert translator.asked == ["hi"]


async def test_sentences_of_long_ago_are_forgotten() -> None:
    translator = FakeTranslator("a", ("en", "pt"))
    translations = Translations([translator])
    for number in range(501):
        await translations.translate(f"{number}", "en", "pt", True)
    await translations.translate("500", "en", "pt", True)
    await translations.translate("0", "en", "pt", True)

    assert translator.asked.count("500") == 1
    assert translator.asked.count("0") == 2


async def test_what_is_missing_is_left_out() -> None:
    translations = Translations(
        [FakeTranslator("a", ("en", "pt"), missing=True), FakeTranslator("b", ("de", "en"))]
    )
    await translations.load()

    assert translations.pairs() == {"de-en"}
    assert translations.find("en", "pt") is None


@pytest.mark.parametrize(
    ("order", "source", "by_recognizer"),
    [
        (("text", "whisper"), "pt-BR", False),
        (("whisper", "text"), "pt-BR", True),
        (("text", "whisper"), "hi-IN", True),
        (("text", "whisper"), "auto", True),
        (("text",), "pt-BR", False),
        (("text",), "auto", False),
    ],
)
def test_what_recognizers_translate_has_its_place_in_the_order(
    order: tuple[str, ...], source: str, by_recognizer: bool
) -> None:
    route = Translations([FakeTranslator("text", ("pt", "en"))], order).find(source, "en-US", {"en"})

    assert route is not None
    assert route.by_recognizer is by_recognizer
    assert bool(route.translators) is not by_recognizer


def test_recognizers_are_not_asked_unless_the_order_says_so() -> None:
    translations = Translations([FakeTranslator("text", ("pt", "en"))], ("text",))

    assert translations.pairs({"en"}) == {"pt-en"}
    assert translations.find("hi", "en", {"en"}) is None


def test_a_hosted_one_for_any_language_comes_first_if_it_is_first() -> None:
    hosted = FakeTranslator("hosted", ("*", "en"))
    route = Translations([hosted], ("hosted", "whisper")).find("auto", "en", {"en"})

    assert route == Route(translators=(hosted,))
