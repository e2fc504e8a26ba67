"""Addresses of our own are signed for a phone, all others stay; a signature is for one text and some minutes."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import signing
from pytest_django.fixtures import Settings

from sessions_app.speech.links import LINK_SECONDS, link_for_phone, listener_of, sign


@pytest.fixture(autouse=True)
def addresses(settings: Settings) -> None:
    settings.PUBLIC_URL = "https://cloud.example.com"
    settings.NODE_PUBLIC_URL = "http://10.0.0.1:8001/a-1"


@pytest.mark.parametrize(
    "address",
    [
        "/api/tts?text=Hi%20you",
        "/api/audio/tts?text=Hi+you",
        "/api/tts?text=Hi you",
        "https://cloud.example.com/api/tts?text=Hi%20you",
        "http://cloud.example.com/api/tts?text=Hi%20you",
        "https://cloud.example.com:443/a-1/api/tts?text=Hi%20you",
        "https://10.0.0.1:8001/api/tts?text=Hi%20you",
        "/api/tts?text=Hi%20you&signature=old&for=somebody",
    ],
)
def test_our_own_addresses_become_absolute_and_are_signed(address: str) -> None:
    link = urlsplit(link_for_phone(address, "session-1"))

    assert (link.scheme, link.netloc, link.path) == ("https", "cloud.example.com", "/api/tts")
    fields = parse_qs(link.query)
    assert fields.keys() == {"text", "for", "signature"}
    assert fields["text"] == ["Hi you"]
    assert listener_of(link.query) == "session-1"


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("https://music.example.com/api/tts?text=Hi", "https://music.example.com/api/tts?text=Hi"),
        ("https://cloud.example.com:8443/api/tts?text=Hi", "https://cloud.example.com:8443/api/tts?text=Hi"),
        ("https://cloud.example.com/media/song.mp3", "https://cloud.example.com/media/song.mp3"),
        ("/media/song.mp3", "https://cloud.example.com/media/song.mp3"),
        ("ftp://cloud.example.com/api/tts?text=Hi", "ftp://cloud.example.com/api/tts?text=Hi"),
        ("https://cloud.example.com:99999/api/tts", "https://cloud.example.com:99999/api/tts"),
        ("//music.example.com/api/tts?text=Hi", "https://music.example.com/api/tts?text=Hi"),
    ],
)
def test_other_addresses_get_no_signature(address: str, link: str) -> None:
    assert link_for_phone(address, "session-1") == link


@pytest.mark.parametrize(
    "query", ["text=Ho&for=s", "text=Hi&for=t", "text=Hi", "text=Hi&for=s&voice_id=x", ""]
)
def test_a_signature_is_for_one_query(query: str) -> None:
    signature = sign("text=Hi&for=s").rpartition("&")[2]

    assert listener_of(f"text=Hi&for=s&{signature}") == "s"
    assert listener_of(f"{query}&{signature}") is None
    assert listener_of(query) is None


def test_it_survives_another_spelling_of_the_same_query() -> None:
    signed = sign("text=Gr%C3%BC%C3%9Fe, du!&voice_settings={}&for=s")

    assert listener_of(signed.replace("+", "%20").replace("%2C", ",")) == "s"


def test_it_ends_after_some_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    now = signing.time.time()  # type: ignore[attr-defined]
    signed = sign("text=Hi&for=s")
    monkeypatch.setattr(signing.time, "time", lambda: now + LINK_SECONDS - 2)  # type: ignore[attr-defined]
    assert listener_of(signed) == "s"
    monkeypatch.setattr(signing.time, "time", lambda: now + LINK_SECONDS + 2)  # type: ignore[attr-defined]
    assert listener_of(signed) is None


def test_another_deployment_signs_differently(settings: Settings) -> None:
    signed = sign("text=Hi")
    assert listener_of(signed) == ""
    settings.SECRET_KEY = "another" * 8
    assert listener_of(signed) is None
