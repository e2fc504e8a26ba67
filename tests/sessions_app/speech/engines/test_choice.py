"""Engines by their names, and what stands for one that cannot be had."""

import pytest

from sessions_app.speech.engine import EngineState, EngineTrouble
from sessions_app.speech.engines.choice import make_engine


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
