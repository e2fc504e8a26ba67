"""Which engine takes a language, and what stands for one that cannot be had."""

import pytest

from sessions_app.speech.engine import EngineState, EngineTrouble
from sessions_app.speech.engines.choice import Choice, make_engine


@pytest.mark.parametrize(
    ("setting", "names"),
    [
        ("en-US", ("whisper", "deepgram")),
        ("ko-KR", ("soniox", "whisper", "deepgram")),
        ("de-DE", ("whisper", "deepgram")),
        ("de-AT", ("moonshine", "whisper", "deepgram")),
        ("auto", ("whisper", "deepgram")),
    ],
)
def test_the_most_exact_choice_comes_first(setting: str, names: tuple[str, ...]) -> None:
    chosen = Choice.read("whisper, ko=soniox,deepgram,de-AT=moonshine")

    assert chosen.for_setting(setting) == names


def test_every_engine_is_named_once() -> None:
    assert Choice.read("whisper,ko=soniox,ja=soniox").names == ("whisper", "soniox")


def test_an_engine_is_made_by_its_name() -> None:
    assert make_engine("scripted").name == "scripted"


async def test_an_unknown_name_is_missing_and_says_what_is_known() -> None:
    engine = make_engine("wisper")

    assert engine.report().state == EngineState.MISSING
    assert "known are whisper" in engine.report().detail
    assert not engine.speaks("en")
    with pytest.raises(EngineTrouble, match="wisper"):
        await engine.load()


def test_an_engine_without_its_requirements_says_how_to_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ModuleNotFoundError(f"No module named {name!r}")

    monkeypatch.setattr("importlib.import_module", missing)

    assert "pip install -r requirements-speech.txt" in make_engine("whisper").report().detail
