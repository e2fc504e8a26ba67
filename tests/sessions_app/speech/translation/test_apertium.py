"""Apertium is asked for the pairs it has, one program per sentence, and its absence says how to install it."""

import asyncio
from pathlib import Path

import pytest

from sessions_app.speech.engine import EngineState, EngineTrouble
from sessions_app.speech.translation import apertium
from sessions_app.speech.translation.apertium import ApertiumTranslator, modes_of

HAS_SPANISH = Path("/usr/share/apertium/modes/eng-spa.mode").exists()


def test_modes_become_pairs_of_languages_without_countries() -> None:
    names = ["  eng-spa", "spa-eng_US", "spa-eng", "fr-es", "oci@aran-cat", "hbs_HR-eng", "odd", "-", "a-b-c"]

    assert modes_of(name.strip() for name in names) == {
        ("en", "es"): "eng-spa",
        ("es", "en"): "spa-eng",
        ("fr", "es"): "fr-es",
        ("oc", "ca"): "oci@aran-cat",
        ("sr", "en"): "hbs_HR-eng",
        ("hr", "en"): "hbs_HR-eng",
        ("bs", "en"): "hbs_HR-eng",
    }


@pytest.mark.skipif(not HAS_SPANISH, reason="needs `apt-get install apertium apertium-eng-spa`")
async def test_it_translates_with_the_installed_pair() -> None:
    translator = ApertiumTranslator()
    await translator.load()

    assert {("en", "es"), ("es", "en")} <= translator.pairs()
    assert (
        await translator.translate("The house\nis red; $XYZ `id`", "en", "es") == "La casa es roja; $XYZ `id`"
    )
    assert translator.report().state is EngineState.READY


async def test_its_absence_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    translator = ApertiumTranslator()

    with pytest.raises(EngineTrouble, match="apt-get install apertium"):
        await translator.load()
    assert translator.report().state is EngineState.MISSING
    assert not translator.pairs()


@pytest.mark.parametrize(
    ("does", "said"),
    [("sleep 30", "said nothing for"), ("exit 4", "ended with 4"), ("exit 0", "made nothing")],
)
async def test_what_the_program_does_wrong_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, does: str, said: str
) -> None:
    translator = await _with_program(monkeypatch, tmp_path, does)
    monkeypatch.setattr(apertium, "_SENTENCE_SECONDS", 0.5)

    with pytest.raises(EngineTrouble, match=said) as raised:
        await translator.translate("hi", "en", "es")
    assert raised.value.code == "TRANSLATION_FAILED"


async def test_only_some_programs_run_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    counting = (
        f'echo x > "{tmp_path}/run-$$"; ls "{tmp_path}"/run-* | wc -l; sleep 0.1; rm "{tmp_path}/run-$$"'
    )
    translator = await _with_program(monkeypatch, tmp_path, counting)

    counted = await asyncio.gather(*(translator.translate("hi", "en", "es") for _ in range(6)))

    assert {int(count) for count in counted} <= {1, 2}
    assert translator.report().streams == 0


async def _with_program(monkeypatch: pytest.MonkeyPatch, folder: Path, does: str) -> ApertiumTranslator:
    """Return a translator whose program has one pair, English to Spanish, and `does` that for each sentence."""
    program = folder / "apertium"
    program.write_text(f'#!/bin/sh\nif [ "$1" = -l ]; then echo "  eng-spa"; exit 0; fi\n{does}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    translator = ApertiumTranslator()
    await translator.load()
    return translator
