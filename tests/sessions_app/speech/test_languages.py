"""Languages are compared without their countries, and a set of pairs says which subscriptions it serves."""

import pytest

from sessions_app.speech.languages import can_translate, plain_language

PAIRS = {"en-pt", "pt-en", "es-ca"}


@pytest.mark.parametrize(
    ("code", "plain"),
    [
        ("pt-BR", "pt"),
        ("pt_PT", "pt"),
        ("por", "pt"),
        ("zh-Hans-CN", "zh"),
        ("cmn", "zh"),
        ("EN-us", "en"),
        ("nb-NO", "no"),
        ("hbs", "sr"),
        ("auto", "auto"),
        ("*", "*"),
        ("tlh", "tlh"),
        ("", ""),
    ],
)
def test_a_language_has_one_name(code: str, plain: str) -> None:
    assert plain_language(code) == plain


@pytest.mark.parametrize(
    ("source", "target", "works"),
    [
        ("en-US", "pt-BR", True),
        ("pt-BR", "en-GB", True),
        ("en-US", "en-GB", True),
        ("en-US", "es-ES", False),
        ("auto", "pt-BR", True),
        ("auto", "fr", False),
        ("de-DE", "ca", False),
    ],
)
def test_pairs_serve_subscriptions(source: str, target: str, works: bool) -> None:
    assert can_translate(PAIRS, source, target) is works


def test_any_language_serves_each_one() -> None:
    assert can_translate({"*-en"}, "hi-IN", "en-US")
    assert can_translate({"*-en"}, "auto", "en-US")
    assert not can_translate({"*-en"}, "hi-IN", "pt-BR")
