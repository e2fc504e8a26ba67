"""What a phone may configure, and how it is told what it may not."""

from typing import Any

import pytest

from sessions_app.audio.formats import PCM, AudioFormat, InvalidAudioFormat, read_audio_format

LC3 = {"sampleRate": 16000, "frameDurationMs": 10, "frameSizeBytes": 40}


def test_pcm_and_each_size_of_lc3() -> None:
    assert read_audio_format({"format": "pcm"}) == PCM
    for size in (20, 40, 60):
        body = {"format": "lc3", "lc3Config": {**LC3, "frameSizeBytes": size}}
        assert read_audio_format(body) == AudioFormat(size)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({}, "format"),
        ({"format": ["pcm"]}, "format"),
        ({"format": "opus"}, "format"),
        ({"format": "lc3"}, "lc3Config"),
        ({"format": "lc3", "lc3Config": {**LC3, "sampleRate": 48000}}, "sampleRate"),
        ({"format": "lc3", "lc3Config": {**LC3, "frameDurationMs": 7.5}}, "frameDurationMs"),
        ({"format": "lc3", "lc3Config": {**LC3, "frameSizeBytes": 30}}, "20, 40, 60"),
        ({"format": "lc3", "lc3Config": {**LC3, "frameSizeBytes": {}}}, "20, 40, 60"),
    ],
)
def test_the_refusal_names_the_field(body: dict[str, Any], text: str) -> None:
    with pytest.raises(InvalidAudioFormat, match=text):
        read_audio_format(body)
