"""The media server of `up`: where it listens, and what stops `up` from starting one."""

from pathlib import Path

import pytest
from pytest_django import Settings

from mentra_site.supervisor.environment import media_environment
from mentra_site.supervisor.errors import StartFailed
from mentra_site.supervisor.options import UpOptions
from mentra_site.supervisor.supervisor import check_media


def options(host: str = "127.0.0.1") -> UpOptions:
    return UpOptions(host, 8000, 1, "daphne", Path("var"), demo=False, media=True)


def test_its_ports_follow_those_of_the_nodes() -> None:
    told = media_environment(options(), "http://127.0.0.1:8000")

    assert told["MEDIA_SERVER_URL"] == told["MEDIA_PLAYBACK_URL"] == "http://127.0.0.1:8100"
    assert (told["MEDIA_SERVER_PORT"], told["MEDIA_RTMP_PORT"], told["MEDIA_SRT_PORT"]) == (
        "8100",
        "8101",
        "8102",
    )


def test_glasses_and_browsers_come_to_the_public_host() -> None:
    told = media_environment(options("0.0.0.0"), "https://glasses.example.com")  # noqa: S104

    assert told["MEDIA_PLAYBACK_URL"] == "http://glasses.example.com:8100"
    assert told["MEDIA_INGEST_HOST"] == "glasses.example.com"
    assert told["MEDIA_SERVER_URL"] == "http://127.0.0.1:8100"


def test_without_ffmpeg_it_says_how_to_get_it(settings: Settings) -> None:
    settings.MEDIA_FFMPEG = "/nowhere/ffmpeg"

    with pytest.raises(StartFailed, match="requirements-media.txt"):
        check_media()
