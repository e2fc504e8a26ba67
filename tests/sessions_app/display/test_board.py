"""What stands on the dashboard after apps, the phone and the system's dashboard app said something."""

from functools import reduce

import pytest

from sessions_app.display import board as rules
from sessions_app.display.board import ALWAYS_ON, EXPANDED, MAIN, NOTICE_SECONDS, Board

TASKS, NEWS, RUNS = "com.example.tasks", "com.example.news", "com.example.runs"
SYSTEM = "org.example.dashboard"


def written(*packages: str) -> Board:
    """Return a board on which these apps wrote their names."""
    return reduce(lambda board, each: rules.write(board, each, each, [MAIN]), packages, Board())


def turns(board: Board, looks: int) -> list[str]:
    """Return what is seen at so many looks."""
    seen = []
    for _ in range(looks):
        board = rules.rotate(board)
        seen.append(board.widget(MAIN))
    return seen


def test_apps_have_their_turns_one_after_the_other() -> None:
    assert written(TASKS).widget(MAIN) == TASKS
    assert turns(written(TASKS, NEWS, RUNS), 4) == [NEWS, RUNS, TASKS, NEWS]
    assert turns(Board(), 2) == ["", ""]


def test_an_app_that_writes_again_keeps_its_place() -> None:
    board = rules.write(written(TASKS, NEWS), TASKS, "3 due", [MAIN])
    assert turns(board, 3) == [NEWS, "3 due", NEWS]


@pytest.mark.parametrize("nothing", ["", " \n"])
def test_empty_content_removes_only_what_it_is_for(nothing: str) -> None:
    board = rules.write(written(TASKS), TASKS, "all of them", [EXPANDED, ALWAYS_ON])
    board = rules.write(board, TASKS, nothing, [MAIN, ALWAYS_ON])
    assert [board.widget(mode) for mode in (MAIN, EXPANDED, ALWAYS_ON)] == ["", "all of them", ""]


def test_the_newest_writer_is_seen_expanded() -> None:
    board = Board()
    for package in (TASKS, NEWS, TASKS):
        board = rules.write(board, package, package, [EXPANDED])
    assert board.widget(EXPANDED) == TASKS


def test_when_an_app_goes_the_next_one_has_its_turn() -> None:
    board = rules.rotate(written(TASKS, NEWS, RUNS))
    assert board.turn == NEWS
    assert rules.remove_app(board, NEWS, SYSTEM).widget(MAIN) == RUNS
    assert rules.remove_app(board, TASKS, SYSTEM).widget(MAIN) == NEWS
    last = rules.remove_app(rules.remove_app(board, NEWS, SYSTEM), RUNS, SYSTEM)
    assert last.widget(MAIN) == TASKS
    assert rules.remove_app(last, TASKS, SYSTEM).is_bare


def test_an_app_that_never_wrote_leaves_nothing_behind() -> None:
    board = rules.rotate(written(TASKS, NEWS))
    assert rules.remove_app(board, RUNS, SYSTEM) == board


def test_sections_and_mode_go_with_the_system_app_only() -> None:
    board = rules.fill(rules.fill(Board(mode=EXPANDED), "topLeft", "10:00"), "topRight", "sunny")
    assert rules.fill(board, "topLeft", "").sections == {"topRight": "sunny"}
    assert rules.remove_app(board, TASKS, SYSTEM) == board
    assert rules.remove_app(board, SYSTEM, SYSTEM) == Board()


def test_a_section_ends_that_the_system_app_draws_itself() -> None:
    assert not rules.fill(Board(is_drawn_by_app=True), "topLeft", "10:00").is_drawn_by_app


def test_a_notification_is_one_line_and_goes_by_itself_or_when_dismissed() -> None:
    board = rules.notify(Board(), "n-1", " Bob:\nLunch?\t ", 100.0)
    board = rules.notify(board, "n-2", "x" * 500, 101.0)
    assert [each.text for each in board.notices] == ["Bob: Lunch?", f"{'x' * 59}…"]
    assert [each.text for each in rules.dismiss(board, "n-2").notices] == ["Bob: Lunch?"]
    assert rules.dismiss(board, "n-3") == board
    assert rules.expire(board, 99.0 + NOTICE_SECONDS) is board
    assert [each.notification_id for each in rules.expire(board, 100.0 + NOTICE_SECONDS).notices] == ["n-2"]


def test_a_notification_that_changes_becomes_the_newest_and_few_are_kept() -> None:
    board = Board()
    for number in range(7):
        board = rules.notify(board, f"n-{number}", f"text {number}", float(number))
    board = rules.notify(board, "n-3", "more", 8.0)
    assert [each.text for each in board.notices] == ["text 2", "text 4", "text 5", "text 6", "more"]
    assert len(rules.notify(board, "n-3", "", 9.0).notices) == 4
