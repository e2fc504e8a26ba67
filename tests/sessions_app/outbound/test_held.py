"""Texts held for a peer that is on its way back: in order, bounded, counted."""

from sessions_app.outbound import metrics
from sessions_app.outbound.held import HeldFrames, HeldTexts


def _queue(most: int = 3, most_characters: int = 100) -> HeldTexts:
    return HeldTexts("test", most=most, most_characters=most_characters)


def test_texts_come_out_in_order_and_once() -> None:
    held = _queue()
    numbers = [held.add(text) for text in ("a", "b", "c")]
    assert numbers == [1, 2, 3]
    assert held.take() == ["a", "b", "c"]
    assert held.take() == []


def test_the_oldest_go_when_there_are_too_many() -> None:
    held, before = _queue(most=2), metrics.held_texts["test", "dropped"]
    for text in ("a", "b", "c"):
        held.add(text)
    assert held.take() == ["b", "c"]
    assert metrics.held_texts["test", "dropped"] == before + 1


def test_the_oldest_go_when_they_are_too_long() -> None:
    held = _queue(most_characters=10)
    for text in ("a" * 6, "b" * 4, "c" * 5):
        held.add(text)
    assert held.take() == ["b" * 4, "c" * 5]


def test_one_text_may_be_longer_than_the_bound() -> None:
    held = _queue(most_characters=10)
    held.add("a" * 50)
    assert held.take() == ["a" * 50]


def test_of_a_name_only_the_newest_is_kept_at_its_own_place() -> None:
    held = _queue()
    held.add("battery 50", "battery")
    held.add("button")
    held.add("battery 49", "battery")
    assert held.take() == ["button", "battery 49"]
    held.add("battery 48", "battery")
    assert held.take() == ["battery 48"]


def test_what_the_peer_has_is_forgotten() -> None:
    held = _queue()
    held.add("a")
    second = held.add("b")
    held.add("c")
    held.forget_through(second)
    assert held.take() == ["c"]


def test_another_queue_takes_over_everything() -> None:
    first, second = _queue(), _queue()
    first.add("battery 50", "battery")
    first.add("button")
    second.extend(first.entries())
    second.add("battery 49", "battery")
    assert second.take() == ["button", "battery 49"]


def test_dropping_counts() -> None:
    held, before = _queue(), metrics.held_texts["test", "dropped"]
    held.add("a")
    held.add("b")
    held.drop()
    assert held.take() == []
    assert metrics.held_texts["test", "dropped"] == before + 2


def test_sound_makes_room_before_any_text_does() -> None:
    held: HeldFrames[str | bytes] = HeldFrames("test", most=3, most_characters=100)
    for frame in ("subscribe", b"old", b"new", "end", b"last"):
        held.add(frame)
    assert held.take() == ["subscribe", "end", b"last"]
