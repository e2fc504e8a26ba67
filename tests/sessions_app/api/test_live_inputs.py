"""A phone that drives the camera itself gets a place to push to; it is its person's alone."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from pytest_django import Settings

from sessions_app.media_servers import of_phones
from sessions_app.media_servers.server import InputState, LiveInput, MediaServerError
from sessions_app.models import PhoneInput
from tests.sessions_app.api.conftest import Ask
from tests.support.media_server import MemoryMediaServer, place
from tests.support.personas import ADA, BOB

pytestmark = pytest.mark.django_db
BASE = "/api/v2/client/streams/managed"
PROVISION = f"{BASE}/provision"
AWAY = MediaServerError("UNAVAILABLE", "the media server cannot be reached")


def rtmp_only(name: str) -> LiveInput:
    """Return a place of a media server that offers no other ways."""
    return replace(place(name), srt_url=None, whip_url=None, webrtc_url=None)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> MemoryMediaServer:
    settings.MEDIA_SERVER = "local"
    fake = MemoryMediaServer(place=rtmp_only)
    monkeypatch.setattr(of_phones, "media_server", lambda: fake)
    return fake


def provision(ask: Ask, **body: Any) -> str:
    status, said = ask("POST", PROVISION, body)
    assert status == 200, said
    return str(said["liveInputId"])


def test_a_place_has_addresses_and_says_nothing_of_what_is_not_offered(
    ask: Ask, server: MemoryMediaServer
) -> None:
    status, body = ask("POST", PROVISION, {})

    assert (status, body) == (
        200,
        {
            "liveInputId": "in1",
            "rtmpUrl": "rtmp://media.example/live/in1-key",
            "hlsUrl": "https://media.example/in1/hls.m3u8",
            "dashUrl": "https://media.example/in1/dash.mpd",
            "outputs": [],
        },
    )
    assert server.owners == [ADA]


def test_it_is_pushed_on_to_where_the_phone_says(ask: Ask, server: MemoryMediaServer) -> None:
    wanted = [{"url": "rtmp://a.example/live/k", "name": "A"}, {"url": "rtmps://b.example/live/k"}]
    _, body = ask("POST", PROVISION, {"restreamDestinations": wanted})

    assert body["outputs"] == [
        {"outputId": "out1", "url": "rtmp://a.example/live/k", "name": "A", "status": "active"},
        {"outputId": "out2", "url": "rtmps://b.example/live/k", "status": "active"},
    ]


@pytest.mark.parametrize(
    "wanted",
    [
        [{"url": "https://a.example/x"}],
        [{"url": "rtmp://"}],
        [{"url": "rtmp://[broken"}],
        [{"name": "no address"}],
        [{"url": "rtmp://a.example/x"}] * 11,
        "rtmp://a.example/x",
    ],
)
def test_places_that_cannot_be_pushed_to_are_refused(
    ask: Ask, server: MemoryMediaServer, wanted: Any
) -> None:
    assert ask("POST", PROVISION, {"restreamDestinations": wanted})[0] == 400
    assert not server.owners


def test_a_place_the_server_refuses_leaves_nothing_behind(ask: Ask, server: MemoryMediaServer) -> None:
    server.refused_url = "rtmp://10.0.0.1/x"
    status, body = ask("POST", PROVISION, {"restreamDestinations": [{"url": server.refused_url}]})

    assert (status, body["error"]) == (400, "invalid_destination")
    assert not server.inputs
    assert not PhoneInput.objects.exists()


def test_it_says_whether_the_video_comes(ask: Ask, server: MemoryMediaServer) -> None:
    name = provision(ask)
    assert ask("GET", f"{BASE}/{name}/status") == (200, {"isConnected": False})

    since = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    server.inputs[name] = InputState(True, True, since, None, 3)

    assert ask("GET", f"{BASE}/{name}/status") == (
        200,
        {"isConnected": True, "connectedAt": "2026-01-02T03:04:05.000Z", "viewerCount": 3},
    )


def test_what_is_removed_is_gone(ask: Ask, server: MemoryMediaServer) -> None:
    name = provision(ask)

    assert ask("DELETE", f"{BASE}/{name}") == (200, {"ok": True})

    assert not server.inputs
    assert ask("GET", f"{BASE}/{name}/status")[0] == 404
    assert ask("DELETE", f"{BASE}/{name}")[1]["error"] == "not_found"


def test_nobody_else_sees_or_ends_it(ask: Ask, server: MemoryMediaServer) -> None:
    name = provision(ask)

    for method, path in (("GET", f"{BASE}/{name}/status"), ("DELETE", f"{BASE}/{name}")):
        status, body = ask(method, path, email=BOB)
        assert (status, body["error"]) == (404, "not_found")
    assert name in server.inputs


def test_one_that_the_server_lost_is_forgotten(ask: Ask, server: MemoryMediaServer) -> None:
    name = provision(ask)
    server.inputs.clear()

    assert ask("GET", f"{BASE}/{name}/status")[0] == 404
    assert not PhoneInput.objects.exists()


def test_one_person_has_a_few_at_most(ask: Ask, server: MemoryMediaServer, settings: Settings) -> None:
    settings.MEDIA_INPUTS_PER_USER = 2
    first, _ = provision(ask), provision(ask)

    status, body = ask("POST", PROVISION, {})
    assert (status, body["error"]) == (409, "too_many_inputs")
    assert ask("POST", PROVISION, {}, email=BOB)[0] == 200

    ask("DELETE", f"{BASE}/{first}")
    assert ask("POST", PROVISION, {})[0] == 200


def test_a_server_that_is_away_is_said_to_be(ask: Ask, server: MemoryMediaServer) -> None:
    name = provision(ask)
    server.failure = AWAY

    found = [
        ask("POST", PROVISION, {}),
        ask("GET", f"{BASE}/{name}/status"),
        ask("DELETE", f"{BASE}/{name}"),
    ]

    assert [(status, body["error"]) for status, body in found] == [
        (502, "provision_failed"),
        (502, "status_failed"),
        (502, "remove_failed"),
    ]
    assert PhoneInput.objects.count() == 1


def test_without_a_media_server_it_says_so(ask: Ask, settings: Settings) -> None:
    settings.MEDIA_SERVER = ""
    status, body = ask("POST", PROVISION, {})

    assert (status, body["error"]) == (502, "provision_failed")
    assert "no media server" in body["message"]
