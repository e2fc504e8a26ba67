"""Voices are made by the names of the setting."""

from pathlib import Path

import pytest

from sessions_app.speech.voices.choice import VOICE_NAMES, make_voice, make_voices


@pytest.mark.parametrize("name", VOICE_NAMES)
def test_each_name_makes_its_voice(name: str) -> None:
    assert make_voice(name).name == name


def test_unknown_names_are_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no voice 'whisper'; known are hibari, espeak"):
        make_voices(["hibari", "whisper"], tmp_path, 1)
    assert [report.name for report in make_voices(["espeak", "hibari"], tmp_path, 1).reports()] == [
        "espeak",
        "hibari",
    ]
