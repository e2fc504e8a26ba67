"""What is on the display, what waits for it and who holds it: the state that display/rules.py moves.

Times are whole milliseconds of a steady clock, so that no deadline is missed by a rounding error. Must not
know sockets, sessions or timers.
"""

from collections.abc import Collection
from enum import StrEnum
from typing import Final, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from sessions_app.protocol.layouts import ClearView, Layout, TextWall

SYSTEM_PACKAGE: Final = "com.mentra.os"
MAIN: Final = "main"
DASHBOARD: Final = "dashboard"
STANDARD: Final = "standard"
SYSTEM_DASHBOARD: Final = "system_dashboard"
LONGEST_DURATION_MS: Final = 24 * 60 * 60 * 1_000

ValueT = TypeVar("ValueT")


class Verdict(StrEnum):
    """What became of a request to draw."""

    SHOWN = "shown"
    WAITING = "waiting"
    KEPT = "kept"
    DUPLICATE = "duplicate"
    DENIED = "denied"
    NOT_RUNNING = "not_running"


class DisplayTimes(Struct, frozen=True):
    """The limits of streams-and-permissions §9, in milliseconds."""

    throttle_ms: int = 300
    boot_ms: int = 1_500
    lock_max_ms: int = 10_000
    lock_idle_ms: int = 2_000
    consumed_ms: int = 1_000
    duplicate_ms: int = 1_000


class Drawing(Struct, frozen=True):
    """What is sent to the phone: `duration_ms` None or 0 means until replaced."""

    package: str
    view: str
    layout: Layout
    duration_ms: float | None = None


CLEAR: Final = Drawing(SYSTEM_PACKAGE, MAIN, TextWall(""), 0)


class ScreenApp(Struct, frozen=True):
    """An app that may ask for the display."""

    name: str
    app_type: str


class Shown(Struct, frozen=True):
    """A drawing that was put on the display; `ends_at` is None when it asked for no time."""

    drawing: Drawing
    shown_at: int
    ends_at: int | None

    def is_over(self, now: int) -> bool:
        """Whether the time it asked for has passed."""
        return self.ends_at is not None and self.ends_at <= now

    def may_return(self, now: int) -> bool:
        """Whether it may be drawn again after something else covered it."""
        return self.drawing.duration_ms != 0 and not self.is_over(now)

    def remainder(self, now: int) -> Drawing:
        """Return the drawing with the time that is left of its duration."""
        if self.ends_at is None:
            return self.drawing
        return Drawing(self.drawing.package, self.drawing.view, self.drawing.layout, self.ends_at - now)


class Lock(Struct, frozen=True):
    """A background app's hold on the display; it never lasts beyond `latest_end`."""

    package: str
    latest_end: int
    ends_at: int


class Screen(Struct, frozen=True):
    """The whole state of one user's display.

    It describes what ought to be on the glasses even while they are out of reach; `unsent` says that they
    may show something else. Its dictionaries are never changed in place; their order is the order of arrival.
    """

    times: DisplayTimes = DisplayTimes()
    dashboard_owner: str = SYSTEM_PACKAGE
    reachable: bool = False
    unsent: bool = False
    apps: dict[str, ScreenApp] = {}
    boots: dict[str, int] = {}
    waiting: dict[str, Drawing] = {}
    newest: dict[str, Shown] = {}
    on_screen: Shown | None = None
    before_boot: Shown | None = None
    dashboard: Shown | None = None
    lock: Lock | None = None
    quiet_until: int = 0
    denied: int = 0

    @property
    def standard(self) -> str | None:
        """The foreground app: the standard app started last."""
        return next((each for each in reversed(self.apps) if self.apps[each].app_type == STANDARD), None)

    def holder(self, now: int) -> str | None:
        """Return the package that holds the display lock."""
        return self.lock.package if self.lock is not None and now < self.lock.ends_at else None

    def is_displaying(self, package: str, now: int) -> bool:
        """Whether a drawing of `package` is on the display and still keeps others away."""
        shown = self.on_screen
        if shown is None or shown.drawing.package != package or isinstance(shown.drawing.layout, ClearView):
            return False
        ends_at = shown.ends_at if shown.ends_at is not None else shown.shown_at + self.times.consumed_ms
        return now < ends_at

    def may_draw(self, package: str, now: int) -> bool:
        """Whether `package` may use the main view now (rule 4); a background app must take the lock too."""
        holder = self.holder(now)
        if holder is None or holder == package:
            return True
        return package == self.standard and not self.is_displaying(holder, now)

    def repeats(self, drawing: Drawing, now: int) -> bool:
        """Whether `drawing` is what its app asked for last, and need not be sent again (rule 9)."""
        waiting = self.waiting.get(drawing.package)
        if waiting is not None:
            return waiting == drawing
        shown = self.on_screen
        if shown is None or shown.drawing != drawing or shown.is_over(now):
            return False
        return now - shown.shown_at < self.times.duplicate_ms

    def find_next(self, now: int) -> Shown | None:
        """Return what belongs on the display besides waiting requests (rule 7), None for nothing.

        A drawing stays while its time runs and its app may still have the display.
        """
        standard, holder = self.standard, self.holder(now)
        fallback = self._find_returnable(standard, now)
        shown = self.on_screen
        if shown is not None and shown.drawing.package in self.apps and not shown.is_over(now):
            stays = fallback is None or shown.drawing.package in (standard, holder)
            return shown if stays else fallback
        return self._find_returnable(holder, now) or fallback

    def with_lock(self, package: str, now: int) -> "Screen":
        """Return the screen with the display lock given to `package`, or kept by it for longer."""
        lock, latest_end = self.lock, now + self.times.lock_max_ms
        if lock is not None and self.holder(now) == package:
            latest_end = lock.latest_end
        ends_at = min(latest_end, now + self.times.lock_idle_ms)
        return replace(self, lock=Lock(package, latest_end, ends_at))

    def _find_returnable(self, package: str | None, now: int) -> Shown | None:
        shown = self.newest.get(package) if package is not None else None
        return shown if shown is not None and shown.may_return(now) else None


def clean_duration(duration_ms: float | None) -> float | None:
    """Return a duration an app asked for within sensible bounds; a negative one counts as none."""
    if duration_ms is None or duration_ms < 0:
        return None
    return min(duration_ms, LONGEST_DURATION_MS)


def without(items: dict[str, ValueT], gone: Collection[str]) -> dict[str, ValueT]:
    """Return a copy of `items` without the keys in `gone`."""
    return {key: value for key, value in items.items() if key not in gone}
