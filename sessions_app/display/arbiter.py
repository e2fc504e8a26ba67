"""Holds one user's display state and its timer, and passes on what the rules decide to show; has the dashboard.

Must not know sockets or the session: drawings leave by the `show` callable.
"""

from collections.abc import Callable
from typing import Any

from sessions_app.clock import Clock, Timer
from sessions_app.display import rules, snapshot
from sessions_app.display.dashboard import Dashboard, DashboardOutlets
from sessions_app.display.screen import (
    DASHBOARD,
    MAIN,
    SYSTEM_PACKAGE,
    DisplayTimes,
    Drawing,
    Screen,
    ScreenApp,
    Verdict,
)
from sessions_app.protocol.app_to_cloud import DisplayEvent
from sessions_app.protocol.layouts import Layout


class Arbiter:
    """The display of one user. It starts out of reach: nothing is shown before set_reachable(True)."""

    def __init__(
        self,
        show: Callable[[Drawing], None],
        clock: Clock,
        *,
        dashboard_owner: str = SYSTEM_PACKAGE,
        outlets: DashboardOutlets | None = None,
        times: DisplayTimes | None = None,
    ) -> None:
        self.dashboard = Dashboard(self._draw_dashboard, clock, owner=dashboard_owner, outlets=outlets)
        self._show = show
        self._clock = clock
        self._screen = Screen(times=times or DisplayTimes(), dashboard_owner=dashboard_owner)
        self._timer: Timer | None = None
        self._wakes_at = 0
        self._closed = False

    @property
    def current(self) -> Drawing | None:
        """What ought to be on the main view, None when it is blank."""
        shown = self._screen.on_screen
        return shown.drawing if shown is not None else None

    @property
    def denied(self) -> int:
        """How many requests were turned down because another app had the display."""
        return self._screen.denied

    def app_starting(self, package: str, name: str, app_type: str) -> None:
        """An app is being started at the user's wish: show the boot screen."""
        now = self._now()
        self._take(rules.begin_start(self._screen, package, ScreenApp(name, app_type), now), now)

    def app_started(self, package: str, name: str, app_type: str) -> None:
        """An app runs; one that app_starting did not announce (after a takeover) has no boot screen."""
        now = self._now()
        self._take(rules.admit_app(self._screen, package, ScreenApp(name, app_type), now), now)

    def app_start_failed(self, package: str) -> None:
        """An app could not be started: its boot screen ends."""
        now = self._now()
        self._take(rules.stop_app(self._screen, package, now), now)

    def app_stopped(self, package: str) -> None:
        """An app stopped for good: nothing of it is shown any more."""
        now = self._now()
        self._take(rules.stop_app(self._screen, package, now), now)
        self.dashboard.app_gone(package)

    def request(self, package: str, message: DisplayEvent) -> Verdict:
        """Take an app's display_event (app-socket §7.1); the package is the socket's, not the message's."""
        view = message.view or MAIN
        if view == DASHBOARD:
            if self.dashboard.is_owned_by(package):
                self.dashboard.drawn_by_app()
            else:
                view = MAIN
        drawing = Drawing(package, view, message.layout, message.duration_ms)
        return self.draw(drawing, force=bool(message.force_display))

    def draw(self, drawing: Drawing, *, force: bool = False) -> Verdict:
        """Take a drawing, also one of the cloud itself such as the dashboard's."""
        now = self._now()
        answer = rules.request(self._screen, drawing, now, force=force)
        self._take(rules.Step(answer.screen, answer.shows), now)
        return answer.verdict

    def set_reachable(self, reachable: bool) -> None:
        """Phone and glasses are both there, or not; on their return the display is sent again."""
        now = self._now()
        self._take(rules.set_reachable(self._screen, reachable, now), now)
        self.dashboard.set_reachable(reachable)

    def resend(self) -> None:
        """Send the display again to a phone that replaced another one without a gap."""
        now = self._now()
        self._take(rules.resend(self._screen, now), now)

    def snapshot(self) -> dict[str, Any]:
        """Return the last drawings per view and per app, and the dashboard, as JSON-able data."""
        drawings = snapshot.write(self._screen, self._now(), self._clock.now())
        return {**drawings, "board": self.dashboard.snapshot()}

    def restore(self, data: dict[str, Any]) -> None:
        """Take over a snapshot after app_started was called for every running app."""
        now = self._now()
        screen = snapshot.read(self._screen, data, now, self._clock.now())
        self._take(rules.settle(screen, now), now)
        self.dashboard.restore(data.get("board"), screen.apps)

    def close(self) -> None:
        """Stop the timers; nothing is shown any more."""
        self._closed = True
        self.dashboard.close()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _draw_dashboard(self, layout: Layout) -> None:
        # It knows best whether anything is new: what phones fill in for tokens may be.
        self.draw(Drawing(self.dashboard.owner, DASHBOARD, layout), force=True)

    def _now(self) -> int:
        return round(self._clock.monotonic() * 1_000)

    def _take(self, step: rules.Step, now: int) -> None:
        if self._closed:
            return
        self._screen = step.screen
        for drawing in step.shows:
            self._show(drawing)
        self._arm(now)

    def _arm(self, now: int) -> None:
        """Wake at what falls due after `now`, the time of the step: a later one would miss what fell due between."""
        due_at = rules.due_at(self._screen, now)
        # A timer that fires too early only asks again: cheaper than moving it at every drawing.
        if due_at is None or (self._timer is not None and self._wakes_at <= due_at):
            return
        if self._timer is not None:
            self._timer.cancel()
        self._wakes_at = due_at
        self._timer = self._clock.call_later((due_at - now) / 1_000, self._wake)

    def _wake(self) -> None:
        self._timer = None
        now = self._now()
        self._take(rules.settle(self._screen, now), now)
