"""What holds for a display whatever happens to it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from sessions_app.display.arbiter import Arbiter
from sessions_app.display.screen import STANDARD, SYSTEM_PACKAGE, Drawing, Verdict
from sessions_app.protocol.app_to_cloud import DisplayEvent
from sessions_app.protocol.layouts import TextWall
from tests.sessions_app.display.stage import BLANK, CAPTIONS, NOTES, TIMER, text_of
from tests.support.fake_clock import FakeClock

TYPES = {CAPTIONS: STANDARD, NOTES: "background", TIMER: "background"}
PACKAGES = st.sampled_from(sorted(TYPES))

asks = st.tuples(
    st.just("ask"),
    PACKAGES,
    st.sampled_from([None, None, 0, 100, 2_500]),
    st.sampled_from([False] * 4 + [True]),
)
starts = st.tuples(st.just("start"), PACKAGES)
resumes = st.tuples(st.just("resume"), PACKAGES)
stops = st.tuples(st.just("stop"), PACKAGES)
waits = st.tuples(st.just("wait"), st.sampled_from([1, 2, 3, 4, 5, 6, 10, 20, 31, 60]))
reaches = st.tuples(st.just("reach"), st.booleans())
resends = st.tuples(st.just("resend"))
stories = st.lists(
    st.one_of(asks, asks, asks, waits, waits, starts, resumes, stops, reaches, resends), max_size=60
)


class World:
    """Plays a story on a display and watches what the phone is sent."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.arbiter = Arbiter(self._show, self.clock)
        self.arbiter.set_reachable(True)
        self.running: set[str] = set()
        self.boot_ends: dict[str, int] = {}
        self.newest: str | None = None
        self.on_glasses = BLANK
        self.last_sent_at = -1_000
        self.exempt_at = -1
        self.count = 0

    @property
    def now(self) -> int:
        return round(self.clock.monotonic() * 1_000)

    def play(self, story: list[tuple[object, ...]]) -> None:
        for name, *details in story:
            getattr(self, f"do_{name}")(*details)

    def do_ask(self, package: str, duration_ms: float | None, force: bool) -> None:
        self.count += 1
        text = f"{package} {self.count // 2}"
        if package == CAPTIONS:
            duration_ms = None
        if force:
            self.exempt_at = self.now
        message = DisplayEvent(layout=TextWall(text), duration_ms=duration_ms, force_display=force)
        verdict = self.arbiter.request(package, message)
        assert (verdict is Verdict.NOT_RUNNING) == (package not in self.running)
        if package == CAPTIONS and package in self.running:
            assert verdict is not Verdict.DENIED
            self.newest = text

    def do_start(self, package: str) -> None:
        if package in self.running:
            return
        self.running.add(package)
        self.boot_ends[package] = self.now + 1_500
        self.exempt_at = self.now
        self.arbiter.app_starting(package, package, TYPES[package])

    def do_resume(self, package: str) -> None:
        self.running.add(package)
        self.arbiter.app_started(package, package, TYPES[package])

    def do_stop(self, package: str) -> None:
        if self.boot_ends.pop(package, -1) >= self.now:
            self.exempt_at = self.now
        self.running.discard(package)
        if package == CAPTIONS:
            self.newest = None
        self.arbiter.app_stopped(package)

    def do_wait(self, fifties: int) -> None:
        for _ in range(fifties):
            self.clock.advance(0.05)

    def do_reach(self, reachable: bool) -> None:
        self.arbiter.set_reachable(reachable)

    def do_resend(self) -> None:
        self.arbiter.resend()

    def _show(self, drawing: Drawing) -> None:
        assert drawing.package in self.running | {SYSTEM_PACKAGE}, "a stopped app was shown"
        booting = any(ends_at >= self.now for ends_at in self.boot_ends.values())
        if not booting and self.exempt_at != self.now:
            assert self.now - self.last_sent_at >= 300, "two updates of the main view within the throttle"
        self.last_sent_at = self.now
        self.on_glasses = text_of(drawing.layout)


@settings(max_examples=300, deadline=None)
@given(stories)
def test_any_story_keeps_the_promises_of_the_display(story: list[tuple[object, ...]]) -> None:
    world = World()
    world.play(story)
    world.do_reach(True)
    world.do_wait(60_000 // 50)
    current = world.arbiter.current
    assert world.on_glasses == (BLANK if current is None else text_of(current.layout))
    if world.newest is not None:
        assert world.on_glasses == world.newest
