"""`media_server` tells glasses and browsers addresses that lead to it."""

from typing import Any

import pytest
from django.core.management import call_command
from pytest_django import Settings

from sessions_app.management.commands import media_server
from sessions_app.media_servers.local.process import ServerOptions


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[ServerOptions]:
    """What servers are started with."""
    started: list[ServerOptions] = []

    async def run(options: ServerOptions) -> None:
        started.append(options)

    monkeypatch.setattr(media_server, "run_server", run)
    return started


@pytest.mark.parametrize(
    ("host", "told", "expected"),
    [
        ("127.0.0.1", {}, ("", "")),
        ("0.0.0.0", {}, ("http://glasses.example.com:8100", "glasses.example.com")),  # noqa: S104
        (
            "0.0.0.0",  # noqa: S104
            {"MEDIA_PLAYBACK_URL": "https://live.example.com", "MEDIA_INGEST_HOST": "in.example.com"},
            ("https://live.example.com", "in.example.com"),
        ),
    ],
)
def test_addresses_follow_from_where_it_listens_and_what_it_is_told(
    runs: list[ServerOptions],
    settings: Settings,
    host: str,
    told: dict[str, Any],
    expected: tuple[str, str],
) -> None:
    settings.PUBLIC_URL = "https://glasses.example.com"
    for name, value in told.items():
        setattr(settings, name, value)

    call_command("media_server", host=host, port=8100, srt_port=0)

    (options,) = runs
    assert (options.public_url, options.public_host) == expected
    assert options.srt_count == 0


def test_without_ffmpeg_it_says_how_to_get_it(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    settings.MEDIA_FFMPEG = "/nowhere/ffmpeg"

    with pytest.raises(SystemExit):
        call_command("media_server", port=0, rtmp_port=0)

    assert "requirements-media.txt" in capsys.readouterr().err
