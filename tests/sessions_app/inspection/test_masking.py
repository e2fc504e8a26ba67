"""No secret may be kept for people to look at."""

import json

import pytest

from sessions_app.inspection.masking import MASK, masked, masked_fields, masked_text

SECRET = "0f3c9a77aa1e4b1d8c"
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    "message",
    [
        {"type": "tpa_connection_init", "apiKey": SECRET},
        {"api_key": SECRET},
        {"X-Mentra-Signature": f"sha256={SECRET}"},
        {"Authorization": f"Bearer {SECRET}"},
        {"Set-Cookie": f"a={SECRET}"},
        {"uploadToken": SECRET},
        {"accessToken": {"value": SECRET}},
        {"nested": [{"deep": {"clientSecret": SECRET}}]},
        {"settings": [{"key": "openai_api_key", "value": SECRET, "defaultValue": SECRET}]},
        {"rtmpUrl": f"rtmp://live.example/app/{SECRET}"},
        {"streamUrl": f"srt://live.example/{SECRET}"},
        {"url": f"https://ada:{SECRET}@example.com/x"},
        {"url": f"https://example.com/x?size=3&token={SECRET}&y=1"},
        {"url": f"wss://example.com/x?api_key={SECRET}"},
        {"message": f"the header was authorization: Bearer {SECRET}"},
        {"message": f'not JSON: "apiKey":"{SECRET}", rest'},
        {"message": f"password={SECRET}"},
    ],
)
def test_a_secret_is_masked_wherever_it_stands(message: dict[str, object]) -> None:
    kept = json.dumps(masked(message), ensure_ascii=False)
    assert SECRET not in kept
    assert MASK in kept


def test_tokens_are_found_by_their_looks() -> None:
    assert masked_text(f"see {TOKEN} there") == f"see {MASK} there"
    assert masked({"anything": TOKEN}) == {"anything": MASK}


@pytest.mark.parametrize(
    "message",
    [
        {"type": "display_event", "layout": {"text": "Hello, keyboard of the monkey"}},
        {"apiKey": None, "token": "", "hasToken": True, "maxTokens": 5},
        {"settings": [{"key": "font_size", "value": 14}]},
        {"photoUrl": "https://cloud.example/uploads/p1.jpg?size=big", "key": "value"},
        {"websocketUrl": "ws://127.0.0.1:8000/app-ws"},
        {"numbers": [1, 2.5, None, True]},
    ],
)
def test_what_is_no_secret_stays_as_it_is(message: dict[str, object]) -> None:
    assert masked(message) == message


def test_long_and_deep_data_is_cut_and_says_so() -> None:
    deep: dict[str, object] = {}
    for _ in range(100):
        deep = {"a": deep}
    kept = masked({"text": "x" * 5000, "many": list(range(1000)), "deep": deep})
    assert kept["text"].endswith("4000 more characters")
    assert kept["many"][-1] == "… 800 more"
    assert "…" in json.dumps(kept["deep"], ensure_ascii=False)


def test_headers_keep_their_names() -> None:
    headers = {
        "Content-Type": "application/json",
        "X-Mentra-Timestamp": "1",
        "X-Mentra-Signature": "sha256=ab",
    }
    assert masked_fields(headers) == {**headers, "X-Mentra-Signature": MASK}


@pytest.mark.parametrize(
    "piece", ["x", "eyJ", "eyJ-", "a.", "token", "token ", "bearer ", "-", "'", "://", "rtmp://a@"]
)
def test_no_text_of_a_peer_takes_long(piece: str) -> None:
    text = piece * (64 * 1024 // len(piece))
    assert masked_text(text)
    assert masked({"text": text})
