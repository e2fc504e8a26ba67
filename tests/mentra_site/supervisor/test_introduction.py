"""What the demo tells a newcomer about speech: how to see it, or what it needs."""

from dataclasses import replace
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from mentra_site.supervisor import demo
from mentra_site.supervisor.demo import DemoSecrets, LoadedDemo, introduce
from mentra_site.supervisor.options import UpOptions

OPTIONS = UpOptions("127.0.0.1", 8000, 1, "daphne", Path("var"), demo=True)
NOTHING = LoadedDemo(DemoSecrets(), ())


@pytest.fixture
def missing(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The packages that the machine lacks."""
    names: list[str] = []
    monkeypatch.setattr(demo, "find_missing_packages", lambda model_dir: names)
    return names


@pytest.mark.usefixtures("missing")
def test_it_shows_how_to_read_what_is_said() -> None:
    assert "simulate_glasses --demo --wav" in introduce(NOTHING, OPTIONS)


def test_it_says_how_to_get_engines_that_are_missing(missing: list[str]) -> None:
    missing.append("faster_whisper")
    told = introduce(NOTHING, OPTIONS)

    assert "pip install -r requirements-speech.txt" in told
    assert "--wav" not in told


def test_other_engines_need_no_packages(missing: list[str], settings: Settings) -> None:
    missing.append("faster_whisper")
    settings.SPEECH_ENGINES = "deepgram"

    assert "--wav" in introduce(NOTHING, OPTIONS)


@pytest.mark.usefixtures("missing")
def test_it_says_when_no_speech_worker_runs() -> None:
    assert "--speech-workers 1" in introduce(NOTHING, replace(OPTIONS, speech_workers=0))
