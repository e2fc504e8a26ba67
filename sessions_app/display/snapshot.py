"""The display as JSON-able data, so that another process can go on where this one stopped.

Ends of durations are written as wall time, because the steady clocks of two machines differ.
"""

from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from sessions_app.display.screen import Drawing, Screen, Shown
from sessions_app.protocol.base import Number
from sessions_app.protocol.layouts import Layout


class _Entry(msgspec.Struct, rename="camel"):
    package: str
    view: str
    layout: Layout
    duration_ms: Number | None = None
    ends_at: float | None = None


class _Snapshot(msgspec.Struct, rename="camel"):
    main: _Entry | None = None
    dashboard: _Entry | None = None
    newest: list[_Entry] = []
    waiting: list[_Entry] = []


def write(screen: Screen, now: int, wall: datetime) -> dict[str, Any]:
    """Return the last drawing of each view and of each app; `now` and `wall` are the same moment."""
    main = screen.before_boot if screen.boots else screen.on_screen
    offset = wall.timestamp() * 1_000 - now
    snapshot = _Snapshot(
        main=_entry(main, offset),
        dashboard=_entry(screen.dashboard, offset),
        newest=[entry for shown in screen.newest.values() if (entry := _entry(shown, offset)) is not None],
        waiting=[_entry_of(drawing) for drawing in screen.waiting.values()],
    )
    data: dict[str, Any] = msgspec.to_builtins(snapshot)
    return data


def read(screen: Screen, data: dict[str, Any], now: int, wall: datetime) -> Screen:
    """Return `screen` with the drawings of a snapshot whose apps run; data of another form is ignored."""
    try:
        snapshot = msgspec.convert(data, _Snapshot)
    except msgspec.ValidationError:
        return screen
    offset = wall.timestamp() * 1_000 - now
    newest = {
        entry.package: _shown(screen, entry, now, offset)
        for entry in snapshot.newest
        if entry.package in screen.apps
    }
    on_screen, dashboard = screen.on_screen, screen.dashboard
    if snapshot.main is not None and snapshot.main.package in screen.apps:
        # The very object of `newest`, as if it had been drawn here.
        shown = _shown(screen, snapshot.main, now, offset)
        on_screen = newest[shown.drawing.package] = shown
    if snapshot.dashboard is not None:
        dashboard = _shown(screen, snapshot.dashboard, now, offset)
    waiting = {each.package: _drawing(each) for each in snapshot.waiting if each.package in screen.apps}
    return replace(
        screen,
        waiting=waiting,
        newest=newest,
        on_screen=on_screen,
        dashboard=dashboard,
        unsent=snapshot.main is not None,
    )


def _entry(shown: Shown | None, offset: float) -> _Entry | None:
    if shown is None:
        return None
    return _entry_of(shown.drawing, None if shown.ends_at is None else shown.ends_at + offset)


def _entry_of(drawing: Drawing, ends_at: float | None = None) -> _Entry:
    return _Entry(drawing.package, drawing.view, drawing.layout, drawing.duration_ms, ends_at)


def _drawing(entry: _Entry) -> Drawing:
    return Drawing(entry.package, entry.view, entry.layout, entry.duration_ms)


def _shown(screen: Screen, entry: _Entry, now: int, offset: float) -> Shown:
    ends_at = None if entry.ends_at is None else round(entry.ends_at - offset)
    return Shown(_drawing(entry), now - screen.times.consumed_ms, ends_at)
