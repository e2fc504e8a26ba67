"""What a frame says, ready to be kept."""

import json

import pytest

from sessions_app.inspection.reading import (
    MOST_PAYLOAD_CHARACTERS,
    UNREADABLE,
    body_text,
    problem_of,
    read_frame,
)


@pytest.mark.parametrize(
    ("message", "problem"),
    [
        ({"type": "display_event"}, ""),
        ({"type": "tpa_connection_error", "code": "WIFI_NOT_CONNECTED"}, "WIFI_NOT_CONNECTED"),
        ({"type": "tpa_connection_error"}, "FAILED"),
        ({"type": "permission_error", "details": []}, "PERMISSION_DENIED"),
        ({"type": "permission_denied"}, "PERMISSION_DENIED"),
        ({"type": "reconnect_rejected", "code": "NOT_RUNNING"}, "NOT_RUNNING"),
        ({"type": "photo_response", "success": False, "error": {"code": "CAMERA_BUSY"}}, "CAMERA_BUSY"),
        ({"type": "audio_play_response", "success": False, "error": "TIMEOUT: no answer"}, "TIMEOUT"),
        ({"type": "audio_play_response", "success": False, "error": "it broke"}, "FAILED"),
        ({"type": "audio_play_response", "success": True}, ""),
        (
            {"type": "stream_status", "status": "error", "errorDetails": "GLASSES_DISCONNECTED"},
            "GLASSES_DISCONNECTED",
        ),
        ({"type": "managed_stream_status", "status": "error"}, "FAILED"),
        ({"type": "stream_status", "status": "active"}, ""),
        ({"type": "app_stopped", "reason": "error"}, "FAILED"),
        ({"type": "app_stopped", "reason": "user_disabled"}, ""),
    ],
)
def test_the_code_of_a_failure_is_found(message: dict[str, object], problem: str) -> None:
    assert problem_of(message) == problem


def test_an_event_is_named_by_its_stream() -> None:
    frame = {"type": "data_stream", "streamType": "button_press", "data": {"type": "button_press"}}
    read = read_frame(json.dumps(frame))
    assert (read.type, read.is_cut, read.problem) == ("data_stream button_press", False, "")
    assert json.loads(read.payload) == frame


@pytest.mark.parametrize("text", ["nonsense", "[1, 2]", '"text"', "", "[" * 100_000])
def test_what_is_no_message_is_kept_as_text(text: str) -> None:
    read = read_frame(text)
    assert read.type == UNREADABLE
    assert text.startswith(read.payload.removesuffix("…"))


def test_a_frame_of_which_only_the_start_is_known_keeps_its_type() -> None:
    start = '{"type":"telemetry_response","apiKey":"0f3c9a77aa1e4b1d8c","logs":["' + "x" * 60_000
    read = read_frame(start, is_whole=False)
    assert (read.type, read.is_cut) == ("telemetry_response", True)
    assert len(read.payload) <= MOST_PAYLOAD_CHARACTERS + 1
    assert "0f3c9a77aa1e4b1d8c" not in read.payload


@pytest.mark.parametrize("text", ['{"type":"a\\u0000b","x":"\\ud800"}', "nul \x00 and half \ud800"])
def test_everything_that_is_kept_can_be_stored(text: str) -> None:
    read = read_frame(text)
    for part in (read.type, read.payload):
        assert "\x00" not in part
        part.encode()


def test_bodies_are_read_whatever_they_are() -> None:
    assert body_text(b'{"apiKey":"0f3c9a77aa1e4b1d8c"}') == '{"apiKey": "•••"}'
    assert body_text(b"<h1>Not found</h1>") == "<h1>Not found</h1>"
    assert body_text(b"\xff\x00\xfe") == "\ufffd\ufffd"
    assert body_text(b"") == ""
