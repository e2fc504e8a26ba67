"""How the dashboard is laid out and how times are worded."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sessions_app.display import board as rules
from sessions_app.display.board import ALWAYS_ON, EXPANDED, MAIN, Board
from sessions_app.display.dashboard_text import (
    NOTHING_EXPANDED,
    Appointment,
    Wishes,
    compose,
    read_appointment,
    read_wishes,
    texts_of,
    word_next,
    word_time,
)
from sessions_app.protocol.layouts import ClearView, DoubleTextWall, Layout, TextWall

NOW = datetime(2026, 1, 2, 22, 30, tzinfo=UTC)
STATUS = "◌ $DATE$, $TIME12$, $GBATT$"
BERLIN = ZoneInfo("Europe/Berlin")


def composed(board: Board, *appointments: Appointment, **wishes: object) -> Layout:
    return compose(board, Wishes(**wishes), NOW, appointments, is_looked_at=True)  # type: ignore[arg-type]


def soon(title: str, **later: float) -> Appointment:
    return Appointment(title, NOW + timedelta(**later))


def test_an_empty_dashboard_tells_time_and_battery() -> None:
    assert composed(Board()) == TextWall(STATUS)
    assert composed(Board(), has_twelve_hours=False) == TextWall("◌ $DATE$, $TIME24$, $GBATT$")


def test_it_shows_the_next_appointment_the_two_latest_notifications_and_one_app() -> None:
    board = Board()
    for number in range(3):
        board = rules.notify(board, f"n-{number}", f"notice {number}", 0.0)
    for package in ("a", "b"):
        board = rules.write(board, package, f"widget {package}\nof two lines", [MAIN])
    lines = [STATUS, "Stand-up @ 11pm", "notice 2", "notice 1", "widget a", "of two lines"]
    assert composed(board, soon("Late", hours=2), soon("Stand-up", minutes=30)) == TextWall("\n".join(lines))


@pytest.mark.parametrize(
    ("appointment", "words"),
    [
        (soon("Stand-up", minutes=30), "tmr: Stand-up @ 12am"),
        (soon("Stand-up", minutes=-1), ""),
        (soon("Stand-up", hours=17, minutes=45), "tmr: Stand-up @ 5:15pm"),
        (soon("Stand-up", days=2), "1/4: Stand-up @ 11:30pm"),
        (soon("Stand-up", days=7, seconds=1), ""),
        (soon("Talk\nabout  " + "x" * 50, hours=1), "tmr: Talk about " + "x" * 28 + "… @ 12:30am"),
        (soon("", hours=1), "tmr: Appointment @ 12:30am"),
    ],
)
def test_an_appointment_is_worded_in_the_users_time(appointment: Appointment, words: str) -> None:
    assert word_next([appointment], Wishes(zone=BERLIN), NOW) == words


@pytest.mark.parametrize(
    ("hour", "minute", "short", "long"),
    [
        (0, 0, "12am", "00:00"),
        (9, 5, "9:05am", "09:05"),
        (12, 0, "12pm", "12:00"),
        (16, 30, "4:30pm", "16:30"),
    ],
)
def test_times_of_day(hour: int, minute: int, short: str, long: str) -> None:
    at = datetime(2026, 1, 2, hour, minute, tzinfo=UTC)
    assert (word_time(at, has_twelve_hours=True), word_time(at, has_twelve_hours=False)) == (short, long)


def test_without_a_zone_of_the_user_an_appointment_is_told_in_its_own() -> None:
    event = read_appointment("Stand-up", "2026-01-02T23:30:00Z", "Europe/Berlin")
    bare = read_appointment("Stand-up", "2026-01-02T23:30:00+02:00", None)
    assert event is not None
    assert bare is not None
    assert word_next([event], Wishes(), NOW) == "tmr: Stand-up @ 12:30am"
    assert word_next([bare], Wishes(), NOW - timedelta(hours=2)) == "Stand-up @ 11:30pm"
    assert read_appointment("Odd", "0001-01-01T00:00:00Z", "America/New_York") is None


def test_appointments_are_read_as_phones_write_them() -> None:
    zulu = read_appointment("Stand-up", "2026-01-02T09:00:00Z", "Europe/Berlin")
    local = read_appointment("Stand-up", "2026-01-02T10:00:00", "Europe/Berlin")
    assert zulu is not None
    assert local is not None
    assert zulu.starts_at == local.starts_at
    bare = read_appointment(None, "2026-01-02T09:00:00", "Nowhere/Land")
    assert bare == Appointment("", datetime(2026, 1, 2, 9, tzinfo=UTC))
    assert read_appointment("Stand-up", "tomorrow", None) is None


def test_wishes_are_read_from_the_users_settings() -> None:
    assert read_wishes({}) == Wishes()
    told = {"timezone": "Europe/Berlin", "twelveHourTime": False, "contextualDashboard": False}
    wishes = read_wishes({**told, "alwaysOnStatusBar": True})
    assert wishes == Wishes(BERLIN, has_twelve_hours=False, is_at_head_up=False, is_always_on=True)
    odd = {"timezone": "../etc", "twelveHourTime": None, "alwaysOnStatusBar": "x"}
    assert read_wishes(odd) == Wishes()


def test_sections_of_the_system_app_take_the_place_of_the_clouds() -> None:
    board = rules.write(Board(), "a", "3 tasks", [MAIN])
    board = rules.notify(board, "n-1", "not shown", 0.0)
    for section in ("topLeft", "bottomLeft", "topRight"):
        board = rules.fill(board, section, section)
    assert composed(board) == DoubleTextWall("topLeft\nbottomLeft", "topRight\n3 tasks")
    board = rules.fill(board, "bottomRight", "bottomRight")
    assert composed(board) == DoubleTextWall("topLeft\nbottomLeft", "topRight\nbottomRight\n3 tasks")


def test_the_expanded_mode_has_a_title_and_the_latest_content() -> None:
    board = Board(mode=EXPANDED)
    assert composed(board) == TextWall(f"{STATUS}\n{NOTHING_EXPANDED}")
    board = rules.fill(rules.fill(board, "topLeft", "10:00"), "topRight", "80%")
    board = rules.write(board, "a", "all the tasks", [EXPANDED])
    assert composed(board) == TextWall("10:00 | 80%\nall the tasks")


def test_what_stays_on_is_seen_while_nobody_looks_up() -> None:
    board = rules.write(rules.write(Board(), "a", "main", [MAIN]), "a", "small", [ALWAYS_ON])
    seen = {
        (always_on, looks): compose(board, Wishes(is_always_on=always_on), NOW, (), is_looked_at=looks)
        for always_on in (True, False)
        for looks in (True, False)
    }
    assert seen.pop((True, False)) == TextWall(f"{STATUS}\nsmall")
    assert set(seen.values()) == {TextWall(f"{STATUS}\nmain")}


def test_texts_of_layouts() -> None:
    assert texts_of(TextWall("a")) == "a"
    assert texts_of(DoubleTextWall("a", "b")) == "a\nb"
    assert texts_of(ClearView()) == ""
