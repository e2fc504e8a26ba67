"""Which part of a session is shown."""

from datetime import timedelta

import pytest

from sessions_app.admin.timeline.layout import Window
from sessions_app.admin.timeline.ranges import range_links, read_window
from tests.support.fake_clock import START

END = START + timedelta(hours=2)
WHOLE = Window(START, END)


def at(seconds: float) -> str:
    return f"{(START + timedelta(seconds=seconds)).timestamp():.0f}"


def test_without_a_wish_all_is_shown() -> None:
    assert read_window(START, END) == (WHOLE, True)


def test_the_last_minutes_follow_the_end() -> None:
    assert read_window(START, END, "600") == (Window(END - timedelta(minutes=10), END), True)


def test_a_part_stands_where_it_is() -> None:
    window, follows = read_window(START, END, "600", at(3600))
    assert (window.until, window.length, follows) == (
        START + timedelta(hours=1),
        timedelta(minutes=10),
        False,
    )


@pytest.mark.parametrize("text", ["", "x", "-5", "1e9", "9" * 40, "٣"])
def test_nonsense_shows_something(text: str) -> None:
    window, _ = read_window(START, END, text, text)
    assert START <= window.since < window.until <= END


def test_a_session_of_no_length_can_be_shown() -> None:
    window, _ = read_window(START, START)
    assert window.length > timedelta(0)


def test_links_lead_to_parts_and_back() -> None:
    labels = [link.label for link in range_links(START, END, WHOLE, follows=True)]
    assert labels == ["All", "Last 1 h", "Last 10 min", "Last 1 min", "Zoom in"]
    part, follows = read_window(START, END, "600", at(3600))
    labels = [link.label for link in range_links(START, END, part, follows=follows)]
    assert labels[-4:] == ["Earlier", "Later", "Zoom in", "Zoom out"]


def test_the_current_part_is_known() -> None:
    window, follows = read_window(START, END, "600")
    current = [link.label for link in range_links(START, END, window, follows=follows) if link.is_current]
    assert current == ["Last 10 min"]


def test_steps_overlap_so_that_nothing_is_missed() -> None:
    part, follows = read_window(START, END, "600", at(3600))
    links = {link.label: link.query for link in range_links(START, END, part, follows=follows)}
    query = dict(pair.split("=") for pair in links["Earlier"].split("&"))
    earlier, _ = read_window(START, END, query["last"], query["until"])
    assert part.since < earlier.until < part.until
