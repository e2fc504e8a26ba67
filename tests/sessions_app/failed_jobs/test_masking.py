"""What is kept of a failed job holds no secret."""

import pytest

from sessions_app.failed_jobs.masking import MASK, mask_text, mask_value

HEX = "0123456789abcdef" * 4
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3In0.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    "text",
    [
        HEX,
        TOKEN,
        "Bearer abc.def",
        "bearer abc",
        "api_key=abc",
        'apiKey: "abc"',
        "https://x.example/?token=abc&y=1",
        "redis://user:abc@host",
        "{'webhook_secret': 'abc'}",
        "password = abc",
    ],
)
def test_what_looks_like_a_secret_is_masked(text: str) -> None:
    for secret in ("abc", HEX, TOKEN):
        assert secret not in mask_text(text, 500)
        assert secret not in str(mask_value([{"note": text}]))


@pytest.mark.parametrize(
    "text", ["8f14e45f-ceea-467f-a0e1-2f0c0a4e0a11", "com.example.captions", "the user is away"]
)
def test_what_is_none_stays(text: str) -> None:
    assert mask_text(text, 500) == text
    assert mask_value(text) == text


def test_what_is_called_a_secret_is_one_whatever_it_looks_like() -> None:
    assert mask_value({"webhook_secret": 7, "apiKey": {"a": 1}, "user": 7}) == {
        "webhook_secret": MASK,
        "apiKey": MASK,
        "user": 7,
    }


def test_length_and_depth_are_bounded() -> None:
    assert len(mask_text("no " * 1000, 500)) == 500
    deep: object = "x"
    for _ in range(50):
        deep = [deep]
    assert MASK in str(mask_value(deep))
