"""Stories on one display, told against the clock (streams-and-permissions §9)."""

from collections.abc import Callable

from sessions_app.display.arbiter import Arbiter
from sessions_app.display.screen import MAIN, SYSTEM_PACKAGE, Drawing, Verdict
from sessions_app.protocol.layouts import TextWall
from tests.sessions_app.display.stage import BLANK, CAPTIONS, NOTES, TIMER, Stage
from tests.support.fake_clock import FakeClock, FakeTimer


def test_a_first_drawing_is_shown_at_once() -> None:
    stage = Stage()
    stage.run(NOTES)
    assert stage.ask(NOTES, "hello") is Verdict.SHOWN
    assert stage.sent == [(0.0, NOTES, "hello")]


def test_an_app_that_does_not_run_draws_nothing() -> None:
    stage = Stage()
    assert stage.ask(NOTES, "hello") is Verdict.NOT_RUNNING
    assert stage.sent == []


def test_a_third_party_app_cannot_draw_the_dashboard() -> None:
    stage = Stage()
    stage.run(NOTES)
    stage.ask(NOTES, "hello", view="dashboard")
    assert stage.drawings[0].view == MAIN


def test_the_dashboard_is_never_throttled_and_leaves_the_main_view_alone() -> None:
    stage = Stage()
    stage.run(NOTES)
    stage.ask(NOTES, "hello")
    for text in ("10:00", "10:01"):
        stage.arbiter.draw(Drawing(SYSTEM_PACKAGE, "dashboard", TextWall(text)))
    assert stage.texts == ["hello", "10:00", "10:01"]
    assert stage.arbiter.current == stage.drawings[0]


def test_drawings_within_300_ms_wait_and_the_latest_of_an_app_wins() -> None:
    stage = Stage()
    stage.run(NOTES)
    assert stage.ask(NOTES, "1") is Verdict.SHOWN
    assert stage.ask(NOTES, "2") is Verdict.WAITING
    stage.wait(0.1)
    stage.ask(NOTES, "3")
    stage.wait(1)
    assert stage.sent == [(0.0, NOTES, "1"), (0.3, NOTES, "3")]


def test_the_throttle_counts_per_user_and_the_oldest_request_goes_first() -> None:
    stage = Stage()
    stage.run(CAPTIONS, "standard")
    stage.run(NOTES)
    stage.ask(CAPTIONS, "a1")
    stage.ask(CAPTIONS, "a2")
    stage.ask(NOTES, "b1")
    stage.ask(CAPTIONS, "a3")
    stage.wait(0.6)
    assert stage.sent == [(0.0, CAPTIONS, "a1"), (0.3, CAPTIONS, "a3"), (0.6, NOTES, "b1")]


def test_a_forced_drawing_does_not_wait_and_replaces_the_waiting_one_of_its_app() -> None:
    stage = Stage()
    stage.run(NOTES)
    stage.ask(NOTES, "1")
    stage.ask(NOTES, "2")
    stage.wait(0.1)
    assert stage.ask(NOTES, "now", force=True) is Verdict.SHOWN
    stage.wait(1)
    assert stage.sent == [(0.0, NOTES, "1"), (0.1, NOTES, "now")]


def test_a_repeated_drawing_within_a_second_is_dropped() -> None:
    stage = Stage()
    stage.run(NOTES)
    stage.ask(NOTES, "same")
    stage.wait(0.9)
    assert stage.ask(NOTES, "same") is Verdict.DUPLICATE
    stage.wait(0.2)
    assert stage.ask(NOTES, "same") is Verdict.SHOWN


def test_a_drawing_that_was_covered_meanwhile_is_no_duplicate() -> None:
    stage = Stage()
    stage.run(NOTES)
    stage.ask(NOTES, "a")
    stage.wait(0.4)
    stage.ask(NOTES, "b")
    stage.wait(0.4)
    assert stage.ask(NOTES, "a") is Verdict.SHOWN


def test_the_boot_screen_stays_1500_ms_and_is_cleared() -> None:
    stage = Stage()
    stage.arbiter.app_starting(NOTES, "Notes", "background")
    stage.wait(2)
    assert stage.sent == [
        (0.0, SYSTEM_PACKAGE, "// MentraOS - Starting App: Notes"),
        (1.5, SYSTEM_PACKAGE, BLANK),
    ]


def test_several_booting_apps_share_the_boot_screen() -> None:
    stage = Stage()
    stage.arbiter.app_starting(NOTES, "Notes", "background")
    stage.arbiter.app_starting(TIMER, "Timer", "background")
    assert stage.last == "// MentraOS - Starting Apps: Notes, Timer"
    stage.arbiter.app_start_failed(NOTES)
    assert stage.last == "// MentraOS - Starting App: Timer"
    stage.arbiter.app_start_failed(TIMER)
    assert stage.last == BLANK


def test_after_the_boot_the_standard_app_comes_first() -> None:
    stage = Stage()
    stage.arbiter.app_starting(NOTES, "Notes", "background")
    stage.arbiter.app_starting(CAPTIONS, "Captions", "standard")
    stage.ask(NOTES, "note")
    stage.ask(CAPTIONS, "old")
    assert stage.ask(CAPTIONS, "caption") is Verdict.WAITING
    stage.forget()
    stage.wait(5)
    assert stage.sent == [(1.5, SYSTEM_PACKAGE, BLANK), (1.5, CAPTIONS, "caption")]


def test_after_the_boot_the_first_background_request_comes_without_a_standard_one() -> None:
    stage = Stage()
    stage.arbiter.app_starting(NOTES, "Notes", "background")
    stage.arbiter.app_starting(TIMER, "Timer", "background")
    stage.ask(TIMER, "timer")
    stage.ask(NOTES, "note")
    stage.wait(1.5)
    assert stage.last == "timer"
    assert stage.arbiter.denied == 1


def test_after_the_boot_the_covered_drawing_returns_with_the_time_it_has_left() -> None:
    stage = Stage()
    stage.run(NOTES)
    stage.ask(NOTES, "note", duration_ms=5_000)
    stage.wait(1)
    stage.arbiter.app_starting(TIMER, "Timer", "background")
    stage.wait(1.5)
    assert stage.last == "note"
    assert stage.drawings[-1].duration_ms == 2_500
    stage.wait(2.5)
    assert stage.sent[-1] == (5.0, SYSTEM_PACKAGE, BLANK)


def test_a_covered_drawing_of_an_app_that_stopped_does_not_return() -> None:
    stage = Stage()
    stage.run(NOTES)
    stage.ask(NOTES, "note")
    stage.arbiter.app_starting(TIMER, "Timer", "background")
    stage.arbiter.app_stopped(NOTES)
    stage.wait(3)
    assert stage.last == BLANK


def test_the_dashboard_app_starts_without_a_boot_screen() -> None:
    stage = Stage()
    stage.arbiter.app_starting("com.example.dashboard", "Dashboard", "system_dashboard")
    stage.wait(2)
    assert stage.sent == []


def test_a_background_app_keeps_other_background_apps_away_for_two_seconds() -> None:
    stage = Stage()
    stage.run(NOTES)
    stage.run(TIMER)
    stage.ask(NOTES, "note")
    stage.wait(1.9)
    assert stage.ask(TIMER, "timer") is Verdict.DENIED
    stage.wait(0.1)
    assert stage.ask(TIMER, "timer") is Verdict.SHOWN
    assert stage.arbiter.denied == 1


def test_a_busy_background_app_loses_the_display_after_ten_seconds() -> None:
    stage = Stage()
    stage.run(CAPTIONS, "standard")
    stage.run(NOTES)
    stage.ask(CAPTIONS, "caption")
    for count in range(11):
        stage.wait(1)
        stage.ask(NOTES, f"note {count}")
    covered_at = stage.sent[1][0]
    returned_at = next(at for at, _, text in stage.sent[1:] if text == "caption")
    assert returned_at - covered_at == 10.0


def test_the_standard_app_waits_only_while_the_holder_is_displaying() -> None:
    stage = Stage()
    stage.run(CAPTIONS, "standard")
    stage.run(NOTES)
    stage.ask(NOTES, "note")
    stage.wait(0.5)
    assert stage.ask(CAPTIONS, "caption") is Verdict.WAITING
    stage.wait(2)
    assert stage.sent == [(0.0, NOTES, "note"), (1.0, CAPTIONS, "caption")]


def test_the_standard_app_gets_its_display_back_when_the_lock_is_released() -> None:
    stage = Stage()
    stage.run(CAPTIONS, "standard")
    stage.run(NOTES)
    stage.ask(CAPTIONS, "caption")
    stage.wait(1)
    stage.ask(NOTES, "note")
    stage.wait(5)
    assert stage.sent == [(0.0, CAPTIONS, "caption"), (1.0, NOTES, "note"), (3.0, CAPTIONS, "caption")]


def test_a_lonely_drawing_stays_when_its_lock_is_released() -> None:
    stage = Stage()
    stage.run(NOTES)
    stage.ask(NOTES, "note")
    stage.wait(60)
    assert stage.texts == ["note"]


def test_a_drawing_with_a_duration_ends_in_a_blank_display() -> None:
    stage = Stage()
    stage.run(NOTES)
    stage.ask(NOTES, "note", duration_ms=1_500)
    stage.wait(5)
    assert stage.sent == [(0.0, NOTES, "note"), (1.5, SYSTEM_PACKAGE, BLANK)]


def test_a_duration_below_the_throttle_ends_with_the_throttle() -> None:
    stage = Stage()
    stage.run(NOTES)
    stage.ask(NOTES, "blink", duration_ms=50)
    stage.wait(5)
    assert stage.sent == [(0.0, NOTES, "blink"), (0.3, SYSTEM_PACKAGE, BLANK)]


def test_a_drawing_of_duration_zero_is_shown_but_never_returns() -> None:
    stage = Stage()
    stage.run(CAPTIONS, "standard")
    stage.run(NOTES)
    stage.ask(CAPTIONS, "once", duration_ms=0)
    stage.wait(1)
    assert stage.texts == ["once"]
    stage.ask(NOTES, "note", duration_ms=1_000)
    stage.wait(5)
    assert stage.texts == ["once", "note", BLANK]


def test_a_stopped_app_disappears_and_the_standard_app_returns() -> None:
    stage = Stage()
    stage.run(CAPTIONS, "standard")
    stage.run(NOTES)
    stage.ask(CAPTIONS, "caption")
    stage.wait(1)
    stage.ask(NOTES, "note")
    stage.ask(NOTES, "never shown")
    stage.arbiter.app_stopped(NOTES)
    stage.wait(5)
    assert stage.texts == ["caption", "note", "caption"]
    assert stage.ask(NOTES, "late") is Verdict.NOT_RUNNING


def test_stopping_an_app_that_is_not_on_the_display_changes_nothing() -> None:
    stage = Stage()
    stage.run(CAPTIONS, "standard")
    stage.run(NOTES)
    stage.ask(CAPTIONS, "caption")
    stage.wait(1)
    stage.arbiter.app_stopped(NOTES)
    stage.wait(5)
    assert stage.texts == ["caption"]


def test_a_drawing_out_of_reach_is_kept_and_sent_on_return() -> None:
    stage = Stage(reachable=False)
    stage.run(NOTES)
    assert stage.ask(NOTES, "note") is Verdict.KEPT
    stage.wait(10)
    assert stage.sent == []
    stage.arbiter.set_reachable(True)
    assert stage.texts == ["note"]


def test_a_drawing_whose_time_passed_out_of_reach_is_cleared_on_return() -> None:
    stage = Stage()
    stage.run(NOTES)
    stage.ask(NOTES, "note", duration_ms=2_000)
    stage.arbiter.set_reachable(False)
    stage.wait(10)
    stage.arbiter.set_reachable(True)
    assert stage.sent == [(0.0, NOTES, "note"), (10.0, SYSTEM_PACKAGE, BLANK)]


def test_a_second_report_that_the_phone_is_there_sends_nothing() -> None:
    stage = Stage()
    stage.run(NOTES)
    stage.ask(NOTES, "note")
    stage.arbiter.set_reachable(True)
    stage.wait(5)
    assert stage.texts == ["note"]


def test_resending_repeats_main_view_and_dashboard() -> None:
    stage = Stage()
    stage.run(NOTES)
    stage.arbiter.draw(Drawing(SYSTEM_PACKAGE, "dashboard", TextWall("10:00")))
    stage.ask(NOTES, "note")
    stage.wait(1)
    stage.forget()
    stage.arbiter.resend()
    assert stage.texts == ["10:00", "note"]


def test_resending_an_untouched_display_sends_nothing() -> None:
    stage = Stage()
    stage.arbiter.resend()
    stage.wait(5)
    assert stage.sent == []


def test_a_closed_display_shows_nothing_more() -> None:
    stage = Stage()
    stage.run(NOTES)
    stage.ask(NOTES, "1")
    stage.ask(NOTES, "2")
    stage.arbiter.close()
    stage.wait(5)
    stage.ask(NOTES, "3")
    assert stage.texts == ["1"]


class _HastyClock(FakeClock):
    """Timers fire 2 ms early, and time passes between two looks at the clock: both as on a real one."""

    def monotonic(self) -> float:
        self.advance(0.001)
        return super().monotonic()

    def call_later(self, delay_seconds: float, callback: Callable[[], None]) -> FakeTimer:
        return super().call_later(max(0.0, delay_seconds - 0.002), callback)


def test_what_falls_due_while_the_timer_is_set_is_not_missed() -> None:
    clock = _HastyClock()
    shown: list[Drawing] = []
    arbiter = Arbiter(shown.append, clock)
    arbiter.set_reachable(True)
    arbiter.app_starting(NOTES, "Notes", "standard")
    clock.advance(5)
    assert shown[-1].layout == TextWall("")
