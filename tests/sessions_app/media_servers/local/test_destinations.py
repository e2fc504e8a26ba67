"""Video is pushed on to public RTMP addresses only."""

import pytest
from pytest_django import Settings

from sessions_app.media_servers.local.destinations import why_not


@pytest.mark.parametrize("url", ["rtmp://127.0.0.1/live/key", "rtmps://8.8.8.8:443/app/key"])
def test_addresses_of_rtmp_are_fine_in_development(url: str) -> None:
    assert why_not(url) is None


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://a.example/x",
        "file:///etc/passwd",
        "rtmp://",
        "rtmp:///live",
        "-i rtmp://a.example",
        "rtmp://a.example/live timeout=1",
        "rtmp://a.example:port/live",
        "rtmp://a.example/" + "x" * 3000,
    ],
)
def test_anything_else_is_refused(url: str) -> None:
    assert why_not(url)


def test_private_networks_are_refused_in_production(settings: Settings) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE_NETWORKS = False

    assert "private" in str(why_not("rtmp://127.0.0.1/live/key"))
    assert "private" in str(why_not("rtmp://[::1]/live/key"))
    assert why_not("rtmp://8.8.8.8/live/key") is None
