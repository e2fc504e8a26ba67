"""When the dashboard is drawn, with a clock that tests move; 3:04:05 at the start."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from sessions_app.display.arbiter import Arbiter
from sessions_app.display.board import EXPANDED, MAIN
from sessions_app.display.dashboard import DashboardOutlets
from sessions_app.display.dashboard_text import Appointment
from sessions_app.display.screen import DASHBOARD, Drawing, Verdict
from sessions_app.protocol.app_to_cloud import DisplayEvent
from sessions_app.protocol.layouts import TextWall
from tests.sessions_app.display.stage import text_of
from tests.support.fake_clock import FakeClock

TASKS, NEWS = "com.example.tasks", "com.example.news"
SYSTEM = "org.example.dashboard"
STATUS = "◌ $DATE$, $TIME12$, $GBATT$"


@dataclass
class Wearer:
    """A user with glasses; `seen` holds what the dashboard view was sent since it was asked last."""

    owner: str = SYSTEM
    settings: dict[str, Any] = field(default_factory=dict)
    appointments: list[Appointment] = field(default_factory=list)
    battery: int = 80
    told: list[object] = field(default_factory=list)
    drawings: list[Drawing] = field(default_factory=list)
    clock: FakeClock = field(default_factory=FakeClock)

    def __post_init__(self) -> None:
        self.screen = self.arbiter()
        self.board = self.screen.dashboard

    def arbiter(self) -> Arbiter:
        outlets = DashboardOutlets(
            settings=lambda: self.settings,
            appointments=lambda: self.appointments,
            battery=lambda: self.battery,
            mode_changed=self.told.append,
            always_on_changed=self.told.append,
        )
        arbiter = Arbiter(self.drawings.append, self.clock, dashboard_owner=self.owner, outlets=outlets)
        for package in (TASKS, NEWS, SYSTEM):
            arbiter.app_started(package, package, "background")
        arbiter.set_reachable(True)
        return arbiter

    def seen(self, after_seconds: float = 0.0) -> list[str]:
        self.clock.advance(after_seconds)
        shown = [text_of(each.layout) for each in self.drawings if each.view == DASHBOARD]
        self.drawings.clear()
        return shown


@pytest.fixture
def wearer() -> Wearer:
    return Wearer()


def test_nothing_is_sent_before_there_is_something_to_see(wearer: Wearer) -> None:
    wearer.board.facts_changed()
    assert wearer.seen(3_600) == []


def test_a_first_look_shows_the_time_at_once(wearer: Wearer) -> None:
    wearer.board.head_moved(is_up=True)
    assert wearer.seen() == [STATUS]


def test_a_busy_app_is_drawn_twice_a_second_and_no_more(wearer: Wearer) -> None:
    for number in range(10):
        wearer.board.write(TASKS, f"{number}", [MAIN])
        wearer.clock.advance(0.15)
    shown = wearer.seen(1)
    assert [text.split("\n")[1] for text in shown] == ["3", "7", "9"]


def test_looking_up_shows_the_next_app_at_once_and_what_is_the_same_is_not_sent(wearer: Wearer) -> None:
    wearer.board.write(TASKS, "3 due", [MAIN])
    wearer.board.write(NEWS, "calm", [MAIN])
    assert wearer.seen(0.5) == [f"{STATUS}\n3 due"]
    wearer.clock.advance(1)
    for news in ([f"{STATUS}\ncalm"], [f"{STATUS}\n3 due"]):
        wearer.board.head_moved(is_up=True)
        assert wearer.seen() == news
        wearer.board.head_moved(is_up=False)
        assert wearer.seen(1) == []
    wearer.board.write(NEWS, "", [MAIN])
    wearer.board.head_moved(is_up=True)
    assert wearer.seen(1) == []


def test_nodding_fast_draws_twice_a_second(wearer: Wearer) -> None:
    wearer.board.write(TASKS, "3 due", [MAIN])
    wearer.board.write(NEWS, "calm", [MAIN])
    wearer.seen(1)
    for _ in range(3):
        wearer.board.head_moved(is_up=True)
        wearer.clock.advance(0.1)
    assert wearer.seen(1) == [f"{STATUS}\ncalm"]


def test_the_clock_goes_on_while_it_is_seen_and_only_then(wearer: Wearer) -> None:
    wearer.board.opened()
    assert wearer.seen() == [STATUS]
    assert wearer.seen(54.9) == []
    assert wearer.seen(0.2) == [STATUS]
    assert wearer.seen(120) == [STATUS] * 2
    wearer.board.closed()
    assert wearer.seen(3_600) == []
    wearer.board.head_moved(is_up=True)
    assert wearer.seen() == [STATUS]


def test_the_battery_is_news_and_the_minute_alone_is_not(wearer: Wearer) -> None:
    wearer.board.write(TASKS, "3 due", [MAIN])
    assert len(wearer.seen(1)) == 1
    wearer.clock.advance(120)
    wearer.board.facts_changed()
    assert wearer.seen(1) == []
    wearer.battery = 79
    wearer.board.facts_changed()
    assert wearer.seen(1) == [f"{STATUS}\n3 due"]


def test_a_notification_comes_and_goes(wearer: Wearer) -> None:
    wearer.board.opened()
    wearer.seen()
    wearer.board.notify("n-1", "Bob: Lunch?")
    assert wearer.seen(0.5) == [f"{STATUS}\nBob: Lunch?"]
    wearer.board.dismiss("n-1")
    assert wearer.seen(0.5) == [STATUS]
    wearer.board.notify("n-2", "Eve: Tea?")
    shown = wearer.seen(16 * 60)
    assert [len(text.split("\n")) for text in (shown[0], shown[14], shown[-1])] == [2, 2, 1]


def test_an_app_that_stops_is_gone_from_the_dashboard(wearer: Wearer) -> None:
    wearer.board.write(TASKS, "3 due", [MAIN])
    wearer.board.write(NEWS, "calm", [MAIN])
    wearer.seen(1)
    wearer.screen.app_stopped(TASKS)
    assert wearer.seen(0.5) == [f"{STATUS}\ncalm"]


def test_out_of_reach_nothing_is_sent_and_afterwards_what_there_is(wearer: Wearer) -> None:
    wearer.board.opened()
    wearer.seen()
    wearer.screen.set_reachable(False)
    wearer.board.write(TASKS, "3 due", [MAIN])
    assert wearer.seen(600) == []
    wearer.screen.set_reachable(True)
    assert wearer.seen(600) == [f"{STATUS}\n3 due"]


def test_who_does_not_want_it_at_head_up_opens_it(wearer: Wearer) -> None:
    wearer.settings["contextualDashboard"] = False
    wearer.board.head_moved(is_up=True)
    assert wearer.seen(1) == []
    wearer.board.opened()
    assert wearer.seen() == [STATUS]


def test_what_stays_on_is_told_once_and_kept_up_to_date(wearer: Wearer) -> None:
    for always_on in (True, True):
        wearer.settings["alwaysOnStatusBar"] = always_on
        wearer.board.settings_changed()
    assert wearer.told == [True]
    assert wearer.seen(0.5) == [STATUS]
    assert wearer.seen(120) == [STATUS] * 2
    wearer.settings["alwaysOnStatusBar"] = False
    wearer.board.settings_changed()
    assert wearer.told == [True, False]
    assert wearer.seen(120) == []


def test_one_that_stays_on_is_drawn_when_the_glasses_come() -> None:
    wearer = Wearer(settings={"alwaysOnStatusBar": True})
    assert wearer.seen(0.5) == [STATUS]
    assert wearer.told == []


def test_the_mode_is_told_when_it_changes_and_ends_with_the_system_app(wearer: Wearer) -> None:
    for mode in (EXPANDED, EXPANDED):
        wearer.board.set_mode(mode)
    assert wearer.told == [EXPANDED]
    wearer.board.opened()
    wearer.screen.app_stopped(SYSTEM)
    assert (wearer.told, wearer.board.mode) == ([EXPANDED, MAIN], MAIN)
    assert wearer.seen(0.5)[-1] == STATUS


def test_a_system_app_that_draws_itself_is_not_disturbed(wearer: Wearer) -> None:
    mine = DisplayEvent(layout=TextWall("mine"), view=DASHBOARD)
    assert wearer.screen.request(SYSTEM, mine) is Verdict.SHOWN
    wearer.board.opened()
    wearer.board.write(TASKS, "3 due", [MAIN])
    assert wearer.seen(120) == ["mine"]
    wearer.screen.app_stopped(SYSTEM)
    assert wearer.seen(0.5) == [f"{STATUS}\n3 due"]


def test_what_a_system_app_drew_goes_with_it_also_unseen(wearer: Wearer) -> None:
    wearer.screen.request(SYSTEM, DisplayEvent(layout=TextWall("mine"), view=DASHBOARD))
    kept = wearer.screen.snapshot()
    wearer.screen.app_stopped(SYSTEM)
    assert wearer.seen(1) == ["mine", STATUS]
    after = Wearer(clock=wearer.clock)
    after.screen.restore(kept)
    assert after.seen(1) == []
    after.screen.app_stopped(SYSTEM)
    assert after.seen(1) == [STATUS]


@pytest.mark.parametrize(("owner", "is_system"), [(SYSTEM, True), ("com.mentra.os", False)])
def test_the_clouds_own_name_makes_no_app_the_system_app(owner: str, is_system: bool) -> None:
    wearer = Wearer(owner=owner)
    assert wearer.board.is_owned_by(owner) is is_system
    wearer.screen.app_started(owner, owner, "background")
    wearer.screen.request(owner, DisplayEvent(layout=TextWall("mine"), view=DASHBOARD))
    assert wearer.seen() == (["mine"] if is_system else [])


def test_the_next_owner_goes_on_without_a_word() -> None:
    before = Wearer()
    before.board.set_mode(EXPANDED)
    before.board.write(TASKS, "3 due", [EXPANDED])
    before.board.write(NEWS, "calm", [EXPANDED, MAIN])
    before.board.notify("n-1", "Bob: Lunch?")
    assert before.seen(1) == [f"{STATUS}\ncalm"]
    kept = before.screen.snapshot()

    after = Wearer(clock=before.clock)
    after.screen.restore(kept)
    assert after.board.mode == EXPANDED
    assert after.seen(0.5) == []
    assert after.told == []
    after.screen.app_stopped(NEWS)
    assert after.seen(0.5) == [f"{STATUS}\n3 due"]


def test_of_apps_that_are_gone_the_next_owner_keeps_nothing() -> None:
    before = Wearer()
    before.screen.app_started("com.example.gone", "Gone", "background")
    before.board.write("com.example.gone", "gone", [MAIN])
    before.board.write(TASKS, "3 due", [MAIN])
    assert before.seen(1) == [f"{STATUS}\ngone"]
    after = Wearer(clock=before.clock)
    after.screen.restore(before.screen.snapshot())
    assert after.seen(0.5) == [f"{STATUS}\n3 due"]


@pytest.mark.parametrize("kept", [None, {}, {"board": 7}, {"board": {"contents": [1]}}])
def test_a_snapshot_of_another_form_is_ignored(wearer: Wearer, kept: object) -> None:
    wearer.board.write(TASKS, "3 due", [MAIN])
    wearer.board.restore(kept, [TASKS])
    assert wearer.seen(1) == [f"{STATUS}\n3 due"]


@pytest.mark.parametrize(
    "act", [lambda wearer: wearer.board.opened(), lambda wearer: wearer.board.notify("n-1", "Bob")]
)
def test_after_its_end_nothing_is_drawn(wearer: Wearer, act: Callable[[Wearer], None]) -> None:
    act(wearer)
    wearer.seen()
    wearer.screen.close()
    act(wearer)
    assert wearer.seen(600) == []
