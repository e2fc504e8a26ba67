"""eSpeak NG reads the languages it has as a program of its own, and its absence says how to install it."""

import shutil
from pathlib import Path

import pytest

from sessions_app.speech.engine import EngineState, EngineTrouble, Utterance
from sessions_app.speech.voices import espeak
from sessions_app.speech.voices.espeak import EspeakVoice, voices_of
from tests.support.mp3 import length_of

TABLE = """Pty Language       Age/Gender VoiceName          File                 Other Languages
 5  cmn             --/M      Chinese_(Mandarin) sit/cmn              (zh-cmn 5)(zh 5)
 5  de              --/M      German             gmw/de
 2  en-gb           --/M      English_(Great_Britain) gmw/en               (en 2)
 5  en-us           --/M      English_(America)  gmw/en-US            (en 3)
 5  nb              --/M      Norwegian_Bokmål   gmq/nb               (no 5)
 5  pt              --/M      Portuguese_(Portugal) roa/pt               (pt-pt 5)
 5  pt-br           --/M      Portuguese_(Brazil) roa/pt-BR            (pt 6)
"""
needs_espeak = pytest.mark.skipif(not shutil.which("espeak-ng"), reason="needs `apt-get install espeak-ng`")


@pytest.mark.parametrize(
    ("language", "voice"),
    [
        ("de", "de"),
        ("pt", "pt"),
        ("pt-br", "pt-br"),
        ("zh", "cmn"),
        ("no", "nb"),
        ("en", "en-gb"),
        ("en-us", "en-us"),
        ("fr", None),
    ],
)
def test_languages_find_their_voice(language: str, voice: str | None) -> None:
    assert voices_of(TABLE).get(language) == voice


@needs_espeak
async def test_it_reads_german_and_honours_the_speed() -> None:
    pytest.importorskip("lameenc", reason="needs lameenc of requirements-speech.txt")
    voice = EspeakVoice()
    await voice.load()

    async def read(speed: float | None) -> bytes:
        text = "Guten Tag. Wo ist der nächste [[Bahnhof]]? $HOME `id`"
        wish = Utterance(text, "de-AT", speed=speed)
        return b"".join([piece async for piece in voice.speak(wish)])

    usual = length_of(await read(None))
    assert usual > 2
    assert length_of(await read(2.0)) < 0.7 * usual
    assert voice.speaks(Utterance("Bonjour", "fr-CA"))
    assert not voice.speaks(Utterance("?", "xx"))
    assert voice.report().state is EngineState.READY
    assert "1." in voice.version


async def test_its_absence_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    voice = EspeakVoice()

    with pytest.raises(EngineTrouble, match="apt-get install espeak-ng"):
        await voice.load()
    assert voice.report().state is EngineState.MISSING


@pytest.mark.parametrize(
    ("does", "said"),
    [
        ("sleep 30", "said nothing"),
        ("cat >&2; exit 2", "ended with 2$"),
        ("echo no WAV at all", "WAV"),
    ],
)
async def test_what_the_program_does_wrong_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, does: str, said: str
) -> None:
    pytest.importorskip("lameenc", reason="needs lameenc of requirements-speech.txt")
    program = tmp_path / "espeak-ng"
    listing = 'case "$1" in --version) echo 1; exit;; --voices) cat "$0.table"; exit;; esac'
    program.write_text(f"#!/bin/sh\n{listing}\n{does}\n")
    program.chmod(0o755)
    (tmp_path / "espeak-ng.table").write_text(TABLE)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(espeak, "_SILENT_SECONDS", 0.5)
    voice = EspeakVoice()
    await voice.load()

    with pytest.raises(EngineTrouble, match=said) as raised:
        _ = [piece async for piece in voice.speak(Utterance("Hallo", "de"))]
    assert raised.value.code == "VOICE_FAILED"
    assert voice.report().streams == 0
