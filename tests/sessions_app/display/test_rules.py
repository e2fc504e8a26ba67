"""Single decisions about the display, without a clock."""

from sessions_app.display import rules
from sessions_app.display.screen import (
    DASHBOARD,
    LONGEST_DURATION_MS,
    MAIN,
    Drawing,
    Screen,
    ScreenApp,
    Verdict,
)
from sessions_app.protocol.layouts import ClearView, TextWall

NOTES = "com.example.notes"
TIMER = "com.example.timer"
CAPTIONS = "com.example.captions"


def screen_with(*packages: str) -> Screen:
    """A reachable display; captions is the standard app."""
    apps = {each: ScreenApp(each, "standard" if each == CAPTIONS else "background") for each in packages}
    return Screen(reachable=True, apps=apps)


def text(package: str, content: str, duration_ms: float | None = None, view: str = MAIN) -> Drawing:
    return Drawing(package, view, TextWall(content), duration_ms)


def test_an_idle_display_needs_no_timer() -> None:
    assert rules.due_at(screen_with(NOTES), 1_000) is None


def test_a_negative_duration_counts_as_none() -> None:
    answer = rules.request(screen_with(CAPTIONS), text(CAPTIONS, "x", -5), 0)
    assert answer.shows[0].duration_ms is None


def test_an_absurd_duration_is_cut_to_a_day() -> None:
    answer = rules.request(screen_with(CAPTIONS), text(CAPTIONS, "x", 1e300), 0)
    assert rules.due_at(answer.screen, 0) == LONGEST_DURATION_MS


def test_the_dashboard_view_of_its_owner_is_not_clamped() -> None:
    screen = Screen(reachable=True, dashboard_owner=NOTES)
    answer = rules.request(screen, text(NOTES, "10:00", view=DASHBOARD), 0)
    assert (answer.verdict, answer.shows[0].view) == (Verdict.SHOWN, DASHBOARD)


def test_a_repeated_dashboard_is_dropped_within_a_second() -> None:
    screen = Screen(reachable=True, dashboard_owner=NOTES)
    first = rules.request(screen, text(NOTES, "10:00", view=DASHBOARD), 0)
    again = rules.request(first.screen, text(NOTES, "10:00", view=DASHBOARD), 999)
    forced = rules.request(first.screen, text(NOTES, "10:00", view=DASHBOARD), 999, force=True)
    later = rules.request(first.screen, text(NOTES, "10:00", view=DASHBOARD), 1_000)
    assert (again.verdict, forced.verdict) == (Verdict.DUPLICATE, Verdict.SHOWN)
    assert later.verdict is Verdict.SHOWN


def test_a_dashboard_drawn_out_of_reach_is_kept() -> None:
    screen = Screen(dashboard_owner=NOTES)
    answer = rules.request(screen, text(NOTES, "10:00", view=DASHBOARD), 0)
    assert (answer.verdict, answer.shows) == (Verdict.KEPT, ())
    assert rules.set_reachable(answer.screen, True, 5_000).shows == (text(NOTES, "10:00", view=DASHBOARD),)


def test_a_request_extends_the_lock_but_never_beyond_ten_seconds() -> None:
    screen = screen_with(NOTES)
    for now in range(0, 9_000, 1_500):
        screen = rules.request(screen, text(NOTES, str(now)), now).screen
    assert screen.lock is not None
    assert screen.lock.ends_at == 7_500 + 2_000
    screen = rules.request(screen, text(NOTES, "late"), 9_000).screen
    assert screen.lock is not None
    assert screen.lock.ends_at == 10_000


def test_a_repeated_drawing_still_counts_as_activity_of_the_lock_holder() -> None:
    screen = rules.request(screen_with(NOTES), text(NOTES, "same"), 0).screen
    answer = rules.request(screen, text(NOTES, "same"), 900)
    assert answer.verdict is Verdict.DUPLICATE
    assert answer.screen.lock is not None
    assert answer.screen.lock.ends_at == 2_900


def test_a_holder_that_cleared_the_display_does_not_keep_the_standard_app_away() -> None:
    screen = screen_with(CAPTIONS, NOTES)
    screen = rules.request(screen, Drawing(NOTES, MAIN, ClearView()), 0).screen
    assert rules.request(screen, text(CAPTIONS, "caption"), 400).verdict is Verdict.SHOWN


def test_a_stopped_holder_frees_the_display() -> None:
    screen = rules.request(screen_with(NOTES, TIMER), text(NOTES, "note"), 0).screen
    screen = rules.stop_app(screen, NOTES, 400).screen
    assert rules.request(screen, text(TIMER, "timer"), 800).verdict is Verdict.SHOWN


def test_force_does_not_go_past_the_lock_of_another_app() -> None:
    screen = rules.request(screen_with(NOTES, TIMER), text(NOTES, "note"), 0).screen
    answer = rules.request(screen, text(TIMER, "timer"), 500, force=True)
    assert (answer.verdict, answer.screen.denied) == (Verdict.DENIED, 1)


def test_requests_during_the_boot_need_no_lock_and_wait() -> None:
    screen = rules.begin_start(screen_with(NOTES), TIMER, ScreenApp("Timer", "background"), 0).screen
    answer = rules.request(screen, text(NOTES, "note"), 10, force=True)
    assert (answer.verdict, answer.shows, answer.screen.lock) == (Verdict.WAITING, (), None)


def test_a_phone_that_returns_during_the_boot_sees_the_boot_screen_at_once() -> None:
    screen = Screen(apps={})
    screen = rules.begin_start(screen, TIMER, ScreenApp("Timer", "background"), 0).screen
    assert len(rules.set_reachable(screen, True, 10).shows) == 1


def test_the_standard_app_is_the_one_started_last() -> None:
    screen = screen_with(CAPTIONS)
    screen = rules.admit_app(screen, NOTES, ScreenApp("Notes", "standard"), 0).screen
    assert screen.standard == NOTES
