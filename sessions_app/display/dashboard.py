"""Holds one user's dashboard and its timers, and decides when it is drawn anew (streams-and-permissions §10).

Must not know sockets or the session: layouts leave by `draw`, everything else by the outlets.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

from sessions_app.clock import Clock, Timer
from sessions_app.display import board as rules
from sessions_app.display.board import Board
from sessions_app.display.dashboard_text import Appointment, Wishes, compose, read_wishes, texts_of
from sessions_app.display.screen import SYSTEM_PACKAGE
from sessions_app.protocol.layouts import Layout

DEBOUNCE_SECONDS = 0.5
REFRESH_SECONDS = 60
_LONG_AGO = float("-inf")


@dataclass(frozen=True, slots=True)
class DashboardOutlets:
    """What the dashboard asks of its session, and what it tells it.

    `settings` are the user's (camelCase names), `battery` that of the glasses in percent. `mode_changed` and
    `always_on_changed` are told of changes, `changed` of everything the next owner should know.
    """

    settings: Callable[[], Mapping[str, Any]] = dict
    appointments: Callable[[], Iterable[Appointment]] = tuple
    battery: Callable[[], object] = lambda: None
    mode_changed: Callable[[str], None] = lambda mode: None
    always_on_changed: Callable[[bool], None] = lambda enabled: None
    changed: Callable[[], None] = lambda: None


class _Seen(NamedTuple):
    """What the glasses were sent last, with the tokens as the phone fills them in."""

    layout: Layout
    battery: Any
    minute: int


class _Snapshot(msgspec.Struct):
    board: Board
    sent: _Seen | None = None


class Dashboard:
    """The dashboard of one user. `owner` is the package of the system's dashboard app, whether there is one or not."""

    def __init__(
        self,
        draw: Callable[[Layout], None],
        clock: Clock,
        *,
        owner: str = SYSTEM_PACKAGE,
        outlets: DashboardOutlets | None = None,
    ) -> None:
        self.owner = owner
        self._draw = draw
        self._clock = clock
        self._outlets = outlets or DashboardOutlets()
        self._board = Board()
        self._is_reachable = False
        self._is_looked_at = False
        self._was_always_on: bool | None = None
        self._sent: _Seen | None = None
        self._is_blank = True
        self._drawn_at = _LONG_AGO
        self._render_timer: Timer | None = None
        self._refresh_timer: Timer | None = None

    def is_owned_by(self, package: str) -> bool:
        """Whether `package` is the system's dashboard app; the cloud's own name is nobody's."""
        return package == self.owner != SYSTEM_PACKAGE

    @property
    def mode(self) -> str:
        """`main` or `expanded`."""
        return self._board.mode

    def write(self, package: str, content: str, targets: Iterable[str]) -> None:
        """An app writes its content for some of board.TARGETS; empty content removes it."""
        self._take(rules.write(self._board, package, content, targets))

    def fill(self, section: str, content: str) -> None:
        """The system's dashboard app fills one of board.SECTIONS."""
        self._take(rules.fill(self._board, section, content))

    def set_mode(self, mode: str) -> None:
        """The system's dashboard app chooses one of board.MODES."""
        self._take(replace(self._board, mode=mode))

    def drawn_by_app(self) -> None:
        """The system's dashboard app draws the whole view itself: keep out of its way until it stops."""
        self._sent, self._is_blank = None, False
        self._take(replace(self._board, is_drawn_by_app=True))

    def app_gone(self, package: str) -> None:
        """An app stopped for good: nothing of it stays."""
        if package == self.owner:
            self._sent = None
        self._take(rules.remove_app(self._board, package, self.owner))

    def notify(self, notification_id: str, text: str) -> None:
        """A notification appeared on the phone."""
        self._take(rules.notify(self._board, notification_id, text, self._clock.now().timestamp()))

    def dismiss(self, notification_id: str) -> None:
        """A notification disappeared from the phone."""
        self._take(rules.dismiss(self._board, notification_id))

    def facts_changed(self) -> None:
        """Something the outlets tell is different now: calendar or battery."""
        self._soon(DEBOUNCE_SECONDS)

    def settings_changed(self) -> None:
        """The user's settings are different now, maybe whether the dashboard stays visible."""
        wished = self._wishes().is_always_on
        if self._was_always_on is not None and wished != self._was_always_on:
            self._outlets.always_on_changed(wished)
        self._was_always_on = wished
        self._soon(DEBOUNCE_SECONDS)
        self._arm_refresh()

    def head_moved(self, *, is_up: bool) -> None:
        """The user looks up, where the next app has its turn, or straight again."""
        if is_up and self._wishes().is_at_head_up:
            self._take(rules.rotate(self._board))
            self._look()
        elif not is_up:
            self.closed()

    def opened(self) -> None:
        """The user asked for the dashboard, or the phone shows it."""
        self._look()

    def closed(self) -> None:
        """The user does not look at the dashboard any more."""
        if self._is_looked_at:
            self._is_looked_at = False
            self._arm_refresh()
            self._soon(DEBOUNCE_SECONDS)

    def set_reachable(self, reachable: bool) -> None:
        """Phone and glasses are both there, or not; who comes back does not look at the dashboard."""
        if reachable == self._is_reachable:
            return
        self._is_reachable, self._is_looked_at = reachable, False
        if self._was_always_on is None:
            self._was_always_on = self._wishes().is_always_on
        self._arm_refresh()
        if self._is_visible:
            self._soon(DEBOUNCE_SECONDS)

    def snapshot(self) -> dict[str, Any]:
        """Return what stands on the dashboard as JSON-able data."""
        data: dict[str, Any] = msgspec.to_builtins(_Snapshot(self._board, self._sent))
        return data

    def restore(self, data: object, packages: Iterable[str]) -> None:
        """Take over a snapshot, of apps only what those of `packages` wrote; data of another form is ignored."""
        try:
            snapshot = msgspec.convert(data, _Snapshot)
        except msgspec.ValidationError:
            return
        board = snapshot.board
        wrote = {package for contents in board.contents.values() for package in contents}
        for package in {*wrote, self.owner}.difference(packages):
            board = rules.remove_app(board, package, self.owner)
        # Whoever is told of a mode knows it from the last owner.
        self._board, self._sent = board, snapshot.sent
        self._is_blank = snapshot.sent is None and not snapshot.board.is_drawn_by_app
        self._soon(DEBOUNCE_SECONDS)

    def close(self) -> None:
        """Stop the timers; nothing is drawn any more."""
        for timer in (self._render_timer, self._refresh_timer):
            if timer is not None:
                timer.cancel()
        self._draw = lambda layout: None
        self._is_reachable = False
        self._render_timer = self._refresh_timer = None

    def _take(self, board: Board) -> None:
        before, self._board = self._board, board
        if board == before:
            return
        if board.mode != before.mode:
            self._outlets.mode_changed(board.mode)
        self._outlets.changed()
        self._soon(DEBOUNCE_SECONDS)

    def _look(self) -> None:
        self._is_looked_at = True
        self._arm_refresh()
        # At once: the user waits. What came just before is no reason for two drawings in a row.
        self._soon(max(0.0, self._drawn_at + DEBOUNCE_SECONDS - self._clock.monotonic()))

    @property
    def _is_visible(self) -> bool:
        return self._is_reachable and (self._is_looked_at or self._wishes().is_always_on)

    def _wishes(self) -> Wishes:
        return read_wishes(self._outlets.settings())

    def _soon(self, delay_seconds: float) -> None:
        """Draw after a delay; a drawing that is due stays due, so that a busy app cannot put it off for ever."""
        if delay_seconds <= 0:
            if self._render_timer is not None:
                self._render_timer.cancel()
            self._render()
        elif self._render_timer is None:
            self._render_timer = self._clock.call_later(delay_seconds, self._render)

    def _render(self) -> None:
        """Draw what is different from what the user sees; while nobody looks, the clock alone is no difference."""
        self._render_timer = None
        now = self._clock.now()
        self._board = rules.expire(self._board, now.timestamp())
        is_visible = self._is_visible
        if self._board.is_drawn_by_app or (self._is_blank and self._board.is_bare and not is_visible):
            return
        layout = compose(
            self._board,
            self._wishes(),
            now,
            self._outlets.appointments(),
            is_looked_at=self._is_looked_at,
        )
        texts = texts_of(layout)
        seen = _Seen(
            layout,
            self._outlets.battery() if "$GBATT$" in texts else None,
            int(now.timestamp() // 60) if "$TIME" in texts or "$DATE" in texts else 0,
        )
        if seen == self._sent or (not is_visible and self._sent is not None and seen[:2] == self._sent[:2]):
            return
        self._sent, self._drawn_at, self._is_blank = seen, self._clock.monotonic(), False
        self._draw(layout)

    def _arm_refresh(self) -> None:
        """Have the dashboard drawn anew at each full minute, as long as it is visible."""
        if not self._is_visible:
            if self._refresh_timer is not None:
                self._refresh_timer.cancel()
                self._refresh_timer = None
        elif self._refresh_timer is None:
            until_full_minute = REFRESH_SECONDS - self._clock.now().timestamp() % REFRESH_SECONDS
            self._refresh_timer = self._clock.call_later(until_full_minute, self._refresh)

    def _refresh(self) -> None:
        self._refresh_timer = None
        self._soon(0)
        self._arm_refresh()
