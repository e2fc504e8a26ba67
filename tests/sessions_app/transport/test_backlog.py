"""Sound loses its oldest frames, texts are counted, and a newer display takes the place of an older one."""

from sessions_app.transport.backlog import (
    MOST_AUDIO_BYTES,
    MOST_AUDIO_FRAMES,
    MOST_TEXT_BYTES,
    MOST_TEXT_FRAMES,
    Backlog,
)


def contents(backlog: Backlog) -> list[str | bytes]:
    """Take everything out, oldest first."""
    found: list[str | bytes] = []
    while backlog:
        frame = backlog.next()
        found.append(frame["text"] if "text" in frame else frame["bytes"])
    return found


def test_sound_beyond_its_bytes_drops_the_oldest_and_no_text() -> None:
    backlog = Backlog()
    backlog.add_text("first")
    dropped = sum(backlog.add_sound(bytes([number]) * 640) for number in range(150))
    backlog.add_text("last")

    left = contents(backlog)
    assert dropped == 150 - MOST_AUDIO_BYTES // 640
    assert left[0] == "first"
    assert left[1] == bytes([dropped]) * 640
    assert left[-2:] == [bytes([149]) * 640, "last"]


def test_tiny_frames_of_sound_are_bounded_by_their_number() -> None:
    backlog = Backlog()
    for _ in range(MOST_AUDIO_FRAMES * 3):
        backlog.add_sound(b"xy")

    assert len(contents(backlog)) == MOST_AUDIO_FRAMES


def test_a_huge_frame_of_sound_leaves_nothing_behind() -> None:
    backlog = Backlog()
    backlog.add_sound(b"xy")

    assert backlog.add_sound(bytes(MOST_AUDIO_BYTES + 2)) == 2
    assert not backlog
    assert backlog.audio_bytes == 0


def test_sound_that_waits_is_no_reason_to_close() -> None:
    backlog = Backlog()
    for _ in range(MOST_AUDIO_FRAMES):
        backlog.add_sound(b"xy")
    for _ in range(MOST_TEXT_FRAMES):
        backlog.add_text("x")

    assert not backlog.is_too_long
    backlog.add_text("x")
    assert backlog.is_too_long


def test_texts_are_bounded_by_their_bytes_but_one_may_be_of_any_size() -> None:
    backlog = Backlog()
    backlog.add_text("x" * (MOST_TEXT_BYTES + 1))
    assert not backlog.is_too_long

    backlog.add_text("y")
    assert backlog.is_too_long


def test_a_text_takes_the_place_of_an_older_one_of_its_name() -> None:
    backlog = Backlog()
    backlog.add_text("old", "display main")
    backlog.add_text("other")
    for number in range(MOST_TEXT_FRAMES * 2):
        backlog.add_text(f"display {number}", "display main")
    backlog.add_text("dashboard", "display dashboard")

    assert not backlog.is_too_long
    assert backlog.text_bytes == len("display 1999" + "other" + "dashboard")
    assert contents(backlog) == ["display 1999", "other", "dashboard"]


def test_a_text_that_was_taken_is_not_replaced_any_more() -> None:
    backlog = Backlog()
    backlog.add_text("old", "display main")
    assert backlog.next()["text"] == "old"
    backlog.add_text("new", "display main")

    assert contents(backlog) == ["new"]
    assert backlog.text_bytes == backlog.audio_bytes == 0


def test_nothing_counts_after_it_was_cleared() -> None:
    backlog = Backlog()
    backlog.add_text("x", "name")
    backlog.add_sound(b"xy")
    backlog.clear()
    backlog.add_text("y", "name")

    assert backlog.text_bytes == 1
    assert contents(backlog) == ["y"]
