"""Webhook bodies and their signature."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_app.protocol.webhooks import (
    SIGNATURE_HEADER,
    TIMESTAMP_HEADER,
    SessionRequest,
    sign,
    signature_headers,
    verify,
)

SECRET = "a-secret-of-an-app"
NOW = 1_773_500_966_535
BODY = '{"type":"stop_request","reason":"user_disabled"}'


def test_the_signature_covers_time_and_body() -> None:
    expected = hmac.new(SECRET.encode(), f"{NOW}.{BODY}".encode(), hashlib.sha256).hexdigest()
    assert sign(SECRET, NOW, BODY) == sign(SECRET, NOW, BODY.encode()) == expected


def test_the_headers_carry_milliseconds_and_the_scheme() -> None:
    assert signature_headers([SECRET], NOW, BODY) == {
        "X-Mentra-Timestamp": "1773500966535",
        "X-Mentra-Signature": f"sha256={sign(SECRET, NOW, BODY)}",
    }


def test_a_secret_that_was_rolled_signs_in_a_header_of_its_own() -> None:
    headers = signature_headers([SECRET, "older"], NOW, BODY)
    assert headers["X-Mentra-Signature"] == signature_headers([SECRET], NOW, BODY)["X-Mentra-Signature"]
    assert headers["X-Mentra-Signature-Previous"] == f"sha256={sign('older', NOW, BODY)}"


@given(
    body=st.binary(),
    secret=st.text(st.characters(exclude_categories=["Cs"])),
    age=st.integers(-300_000, 300_000),
)
def test_our_own_headers_verify_within_the_tolerance(body: bytes, secret: str, age: int) -> None:
    headers = signature_headers([secret], NOW, body)
    assert verify(
        secret, body, timestamp=headers[TIMESTAMP_HEADER], signature=headers[SIGNATURE_HEADER], now=NOW + age
    )


GOOD = f"sha256={sign(SECRET, NOW, BODY)}"


@pytest.mark.parametrize(
    ("secret", "body", "timestamp", "signature", "now"),
    [
        ("another", BODY, str(NOW), GOOD, NOW),
        (SECRET, BODY + " ", str(NOW), GOOD, NOW),
        (SECRET, BODY, str(NOW + 1), GOOD, NOW),
        (SECRET, BODY, str(NOW), GOOD, NOW + 300_001),
        (SECRET, BODY, str(NOW), GOOD, NOW - 300_001),
        (SECRET, BODY, str(NOW), GOOD.removeprefix("sha256="), NOW),
        (SECRET, BODY, str(NOW), GOOD.upper(), NOW),
        (SECRET, BODY, None, GOOD, NOW),
        (SECRET, BODY, str(NOW), None, NOW),
        (SECRET, BODY, "", GOOD, NOW),
        (SECRET, BODY, "-5", GOOD, NOW),
        (SECRET, BODY, "²", GOOD, NOW),
        (SECRET, BODY, "9" * 5000, GOOD, NOW),
        (SECRET, BODY, str(NOW), "sha256=é\ud800", NOW),
    ],
)
def test_anything_else_does_not_verify(
    secret: str, body: str, timestamp: str | None, signature: str | None, now: int
) -> None:
    assert not verify(secret, body, timestamp=timestamp, signature=signature, now=now)


def test_a_start_webhook_names_one_url_for_every_generation() -> None:
    request = SessionRequest.to("wss://cloud.example.org/app-ws", session_id="s", user_id="u", timestamp="t")
    assert request.websocket_url == request.mentra_os_websocket_url == request.augment_os_websocket_url
    with pytest.raises(ValueError, match="/app-ws"):
        SessionRequest.to("wss://cloud.example.org/ws/miniapp", session_id="s", user_id="u", timestamp="t")
