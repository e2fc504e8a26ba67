"""Translators are made by the names of the setting."""

import pytest

from sessions_app.speech.translation.choice import TRANSLATOR_NAMES, make_translations, make_translator


@pytest.mark.parametrize("name", [name for name in TRANSLATOR_NAMES if name != "whisper"])
def test_each_name_makes_its_translator(name: str) -> None:
    assert make_translator(name).name == name


def test_unknown_names_are_said_at_once() -> None:
    with pytest.raises(ValueError, match="no translator 'bebel'; known are embedded, apertium"):
        make_translations(["embedded", "bebel"])


def test_what_recognizers_do_is_no_translator_of_its_own() -> None:
    assert [report.name for report in make_translations(["whisper", "embedded"]).reports()] == ["embedded"]
