"""How an app's page learns who looks at it: values that an SDK computes too, and what may be hashed (rest §3.1)."""

from datetime import UTC, datetime, timedelta

import pytest

from apps_registry.rules import (
    Refusal,
    address_with,
    frontend_token,
    hash_api_key,
    hash_with_key,
    is_address_of,
    judge_webview_token,
)

KEY = "0123456789abcdef" * 4
DIGEST = "a8ae6e6ee929abea3afcfc5258c8ccd6f85273e0d4626d26c7279f3250f77c8e"
NOW = datetime(2026, 1, 2, tzinfo=UTC)
OURS = ("https://cloud.example.com", "http://10.0.0.5:8000/base/")


def test_the_checksum_of_an_address() -> None:
    assert hash_api_key(KEY) == DIGEST
    assert (
        hash_with_key("https://cloud.example.com", DIGEST)
        == "adb73c3b208ba9e158fe2b0d86b5ba0bf6ea0d924c6254cf30eb88e498ae1ed4"
    )


@pytest.mark.parametrize(
    ("page", "address"),
    [
        ("https://a.example", "https://a.example?token=x%2Fy&who=ada%40example.com"),
        (
            "https://a.example/p?of=day#top",
            "https://a.example/p?of=day&token=x%2Fy&who=ada%40example.com#top",
        ),
    ],
)
def test_the_address_of_a_page_keeps_what_it_asks_for(page: str, address: str) -> None:
    assert address_with(page, {"token": "x/y", "who": "ada@example.com"}) == address


def test_the_token_of_a_page() -> None:
    assert (
        frontend_token("ada@example.com", DIGEST)
        == "ada@example.com:68dc7cfc0589f00176d3caacdf60d83d1a52638810b8f859ca6c07285d426aee"
    )


@pytest.mark.parametrize(
    "text",
    [
        "https://cloud.example.com",
        "https://CLOUD.example.com:443/",
        "http://10.0.0.5:8000/base",
    ],
)
def test_our_addresses_are_known_however_written(text: str) -> None:
    assert is_address_of(text, OURS)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ada@example.com",
        "https://evil.example",
        "http://cloud.example.com",
        "https://cloud.example.com:8443",
        "https://cloud.example.com.evil.example",
        "https://cloud.example.com@evil.example",
        "https://cloud.example.com\\@evil.example",
        "https://cloud.example.com/../evil",
        "https://cloud.example.com?x",
        "https://cloud.example.com#x",
        "https://cloud.example.com\n",
        "https://cloud.example.com:99999",
        "https://cloud.example.com" + "/" * 3000,
    ],
)
def test_nothing_else_is_ours(text: str) -> None:
    assert not is_address_of(text, OURS)


@pytest.mark.parametrize(
    ("bound_to", "used", "seconds", "refusal"),
    [
        ("a.b", False, 1, None),
        ("a.b", True, 1, Refusal.USED),
        ("a.b", False, 0, Refusal.EXPIRED),
        ("a.c", True, 0, Refusal.PACKAGE_MISMATCH),
    ],
)
def test_a_token_is_good_once_for_a_while_and_for_one_app(
    bound_to: str, used: bool, seconds: int, refusal: Refusal | None
) -> None:
    expires_at = NOW + timedelta(seconds=seconds)
    assert (
        judge_webview_token(bound_to=bound_to, package="a.b", used=used, expires_at=expires_at, now=NOW)
        is refusal
    )
