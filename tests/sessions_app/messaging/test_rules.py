"""What may be said, and how large a room is."""

import pytest

from sessions_app.messaging.rules import (
    DEFAULT_ROOM_USERS,
    LONGEST_MESSAGE_ID,
    LONGEST_ROOM_ID,
    MOST_METADATA_BYTES,
    MOST_PAYLOAD_BYTES,
    MOST_ROOM_USERS,
    message_refusal,
    room_refusal,
    room_size,
    shows_profile,
)
from sessions_app.protocol.codes import ErrorCode


def test_a_payload_has_a_largest_size() -> None:
    assert message_refusal(b"x" * MOST_PAYLOAD_BYTES, "m1") is None
    refusal = message_refusal(b"x" * (MOST_PAYLOAD_BYTES + 1), "m1")
    assert refusal is not None
    assert refusal.code is ErrorCode.MESSAGE_TOO_LARGE
    assert str(refusal).startswith("MESSAGE_TOO_LARGE: ")


def test_a_message_id_has_a_largest_length_and_may_be_missing() -> None:
    assert message_refusal(b"1", None) is None
    assert message_refusal(b"1", "m" * LONGEST_MESSAGE_ID) is None
    refusal = message_refusal(b"1", "m" * (LONGEST_MESSAGE_ID + 1))
    assert refusal is not None
    assert refusal.code is ErrorCode.MALFORMED_MESSAGE


@pytest.mark.parametrize("name", ["", "  ", "r" * (LONGEST_ROOM_ID + 1), "a\0b"])
def test_some_texts_name_no_room(name: str) -> None:
    refusal = room_refusal(name)
    assert refusal is not None
    assert refusal.code is ErrorCode.MALFORMED_MESSAGE


def test_a_room_has_bounded_metadata() -> None:
    assert room_refusal("größe 1", b"x" * MOST_METADATA_BYTES) is None
    refusal = room_refusal("r", b"x" * (MOST_METADATA_BYTES + 1))
    assert refusal is not None
    assert refusal.code is ErrorCode.MESSAGE_TOO_LARGE


@pytest.mark.parametrize(
    ("wish", "size"),
    [
        (None, DEFAULT_ROOM_USERS),
        (4, 4),
        (4.0, 4),
        (0, 1),
        (-3, 1),
        (10**9, MOST_ROOM_USERS),
        (float("inf"), MOST_ROOM_USERS),
    ],
)
def test_a_room_is_as_large_as_wished_within_bounds(wish: float | None, size: int) -> None:
    assert room_size(wish) == size


def test_a_profile_is_shown_only_to_the_word() -> None:
    assert shows_profile({"share_profile_with_app_users": True})
    assert not shows_profile({})
    assert not shows_profile({"share_profile_with_app_users": "yes"})
