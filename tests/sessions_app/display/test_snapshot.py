"""A display goes on in another process."""

import json

from sessions_app.display.screen import SYSTEM_PACKAGE, Drawing
from sessions_app.protocol.layouts import TextWall
from tests.sessions_app.display.stage import BLANK, CAPTIONS, NOTES, Stage


def hand_over(old: Stage, *running: tuple[str, str]) -> Stage:
    """Let a fresh process, whose steady clock starts elsewhere, take the display over."""
    data = json.loads(json.dumps(old.arbiter.snapshot()))
    new = Stage(reachable=False, start=old.clock.now())
    for package, app_type in running:
        new.run(package, app_type)
    new.arbiter.restore(data)
    new.arbiter.set_reachable(True)
    return new


def test_the_last_drawing_of_each_view_is_sent_again() -> None:
    old = Stage()
    old.run(NOTES)
    old.ask(NOTES, "note")
    old.arbiter.draw(Drawing(SYSTEM_PACKAGE, "dashboard", TextWall("10:00")))
    new = hand_over(old, (NOTES, "background"))
    assert new.texts == ["10:00", "note"]


def test_a_duration_goes_on_where_it_was() -> None:
    old = Stage()
    old.run(NOTES)
    old.ask(NOTES, "note", duration_ms=5_000)
    old.wait(2)
    new = hand_over(old, (NOTES, "background"))
    assert new.drawings[0].duration_ms == 3_000
    new.wait(4)
    assert new.sent[-1] == (3.0, SYSTEM_PACKAGE, BLANK)


def test_the_standard_app_still_returns_after_a_background_drawing() -> None:
    old = Stage()
    old.run(CAPTIONS, "standard")
    old.run(NOTES)
    old.ask(CAPTIONS, "caption")
    old.wait(1)
    old.ask(NOTES, "note", duration_ms=1_000)
    new = hand_over(old, (CAPTIONS, "standard"), (NOTES, "background"))
    new.wait(5)
    assert new.last == "caption"


def test_a_waiting_drawing_is_not_lost() -> None:
    old = Stage()
    old.run(NOTES)
    old.ask(NOTES, "1")
    old.ask(NOTES, "2")
    new = hand_over(old, (NOTES, "background"))
    new.wait(1)
    assert new.last == "2"


def test_a_drawing_of_an_app_that_no_longer_runs_is_cleared() -> None:
    old = Stage()
    old.run(NOTES)
    old.ask(NOTES, "note")
    new = hand_over(old)
    assert new.texts == [BLANK]


def test_the_boot_screen_is_not_taken_over() -> None:
    old = Stage()
    old.run(NOTES)
    old.ask(NOTES, "note")
    old.arbiter.app_starting(CAPTIONS, "Captions", "standard")
    new = hand_over(old, (NOTES, "background"))
    assert new.texts == ["note"]


def test_data_of_another_form_is_ignored() -> None:
    stage = Stage()
    stage.run(NOTES)
    stage.ask(NOTES, "note")
    stage.arbiter.restore({"main": {"package": 5}})
    stage.wait(1)
    assert stage.texts == ["note"]
    assert stage.arbiter.current is not None
