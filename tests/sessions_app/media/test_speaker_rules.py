"""When a speaker stream goes on or ends."""

import pytest

from sessions_app.media.speaker_rules import (
    StreamState,
    Turn,
    failure_of,
    is_on_track,
    key_of_request,
    next_turn,
    split_frame,
    stream_key,
)

ID = "8f14e45f-ceea-467f-9575-6a1c54a5f3b1"


@pytest.mark.parametrize(
    ("state", "turn"),
    [
        (StreamState(100, 100), (115, Turn.UNCLAIMED)),
        (StreamState(100, 30), (90, Turn.ABANDONED)),
        (StreamState(100, 100, was_claimed=True), (110, Turn.NOT_BACK)),
        (StreamState(100, 100, was_claimed=True, owes_telling=True, told_at=99), (101, Turn.TELL_AGAIN)),
        (StreamState(100, 100, reader="r", heard_at=120), (123, Turn.READER_LOST)),
        (StreamState(100, 100, reader="r", heard_at=120, pulls=1), (160, Turn.ABANDONED)),
        (StreamState(100, 100, reader="r", pulls=1, is_ending=True), (160, Turn.UNREAD)),
        (StreamState(100, 100, reader="r", pulls=1, app_left_at=105), (115, Turn.APP_GONE)),
        # What an app has sent to its end is heard without it.
        (StreamState(100, 100, app_left_at=101, is_ending=True), (115, Turn.UNCLAIMED)),
    ],
)
def test_what_happens_next(state: StreamState, turn: tuple[float, Turn]) -> None:
    assert next_turn(state) == turn


def test_one_reader_at_a_time_unless_the_phone_came_anew() -> None:
    state = StreamState(0, 0, reader="first")
    assert state.admits("first")
    assert not state.admits("second")
    state.is_returning = True
    assert state.admits("second")


@pytest.mark.parametrize(
    ("stream_id", "key"),
    [(ID, ID), (ID.upper(), ID), ("x" * 36, "x" * 36), (ID[1:], ""), (f" {ID[1:]}", ""), (f"ü{ID[1:]}", "")],
)
def test_ids_are_opaque_and_their_case_says_nothing(stream_id: str, key: str) -> None:
    assert stream_key(stream_id) == key


def test_a_frame_names_its_stream_in_its_first_36_bytes() -> None:
    assert split_frame(ID.upper().encode() + b"\xff\xfb") == (ID, b"\xff\xfb")
    assert split_frame(b"\xff" * 40)[0] == ""
    assert split_frame(b"short") == ("", b"")


def test_requests_to_play_name_their_stream() -> None:
    assert key_of_request(f"stream_{ID.upper()}") == ID
    assert key_of_request(f"x_stream_{ID}") == ""
    assert key_of_request("audio_req_1") == ""


@pytest.mark.parametrize(
    ("track", "stopped", "ends"),
    [(1, None, True), (1, 1, True), (1, 2, False), (None, 2, True), (0, 0, True)],
)
def test_which_streams_a_stopped_track_ends(track: int | None, stopped: int | None, ends: bool) -> None:
    assert is_on_track(track, stopped) is ends


@pytest.mark.parametrize("turn", [Turn.UNCLAIMED, Turn.NOT_BACK, Turn.ABANDONED, Turn.UNREAD, Turn.APP_GONE])
def test_every_failure_has_a_code_and_a_reason(turn: Turn) -> None:
    code, why = failure_of(turn, phone_open=True)
    assert (code, why.endswith(" s")) == ("TIMEOUT", True)
    away = failure_of(turn, phone_open=False)[0]
    assert away == ("PHONE_DISCONNECTED" if turn in (Turn.UNCLAIMED, Turn.NOT_BACK) else "TIMEOUT")
