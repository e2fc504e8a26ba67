"""What a phone may configure, and what counts when it says something odd."""

from typing import Any

import pytest

from sessions_app.audio.formats import PCM, AudioFormat, read_audio_format


def test_pcm_has_no_frames() -> None:
    assert read_audio_format({"format": "pcm", "lc3Config": {"frameSizeBytes": 40}}) == PCM


@pytest.mark.parametrize(
    ("config", "frame_bytes"),
    [({"frameSizeBytes": size}, size) for size in (20, 40, 60)]
    + [({"frameSizeBytes": odd}, 20) for odd in (30, "40", True, None, [40])]
    + [({}, 20), (None, 20)],
)
def test_sizes_that_do_not_exist_count_as_the_smallest(config: Any, frame_bytes: int) -> None:
    assert read_audio_format({"format": "lc3", "lc3Config": config}) == AudioFormat(frame_bytes)


def test_lc3_without_a_word_about_its_frames() -> None:
    assert read_audio_format({"format": "lc3"}) == AudioFormat(20)
