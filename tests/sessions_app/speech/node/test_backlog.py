"""Frames that wait for a connection: in order, of sound only so much."""

from sessions_app.speech.node.backlog import Backlog, DroppedSound


def taken(backlog: Backlog) -> list[bytes]:
    return [backlog.take() for _ in range(len(backlog))]


def test_frames_leave_in_the_order_they_came() -> None:
    backlog = Backlog(100)
    backlog.put(b"open")
    assert backlog.put_sound(b"sound", 1, 4) == []
    backlog.put(b"close")
    assert taken(backlog) == [b"open", b"sound", b"close"]


def test_the_oldest_sound_gives_way_and_is_named() -> None:
    backlog = Backlog(10)
    backlog.put(b"open")
    backlog.put_sound(b"first", 1, 6)
    backlog.put_sound(b"second", 2, 4)
    assert backlog.put_sound(b"third", 2, 4) == [DroppedSound(1, 6)]
    assert taken(backlog) == [b"open", b"second", b"third"]


def test_what_is_not_sound_never_gives_way() -> None:
    backlog = Backlog(0)
    for number in range(1_000):
        backlog.put(b"%d" % number)
    assert backlog.put_sound(b"sound", 1, 2) == [DroppedSound(1, 2)]
    assert backlog.controls == len(backlog) == 1_000


def test_taken_sound_makes_room() -> None:
    backlog = Backlog(4)
    backlog.put_sound(b"first", 1, 4)
    assert backlog.take() == b"first"
    assert backlog.put_sound(b"second", 1, 4) == []
