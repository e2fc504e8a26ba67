"""What the dashboard learns from its session, and whom it tells of its changes (streams-and-permissions §10)."""

from collections.abc import Callable, Iterator

import msgspec

from sessions_app.display.board import MAIN
from sessions_app.display.dashboard import DashboardOutlets
from sessions_app.display.dashboard_text import Appointment, read_appointment
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.lifecycle.telling import tell_app
from sessions_app.protocol import cloud_to_glasses
from sessions_app.protocol.cloud_to_app import DashboardAlwaysOnChanged, DashboardModeChanged
from sessions_app.protocol.codec import iso
from sessions_app.protocol.families import Family
from sessions_app.protocol.glasses_to_cloud import CalendarEvent

_read_event = msgspec.json.Decoder(CalendarEvent).decode


def dashboard_outlets(runtime: Callable[[], SessionRuntime], changed: Callable[[], None]) -> DashboardOutlets:
    """Return where the dashboard of a session leads; `changed` has the session's memory written."""
    return DashboardOutlets(
        settings=lambda: runtime().data.user_settings,
        appointments=lambda: _appointments(runtime()),
        battery=lambda: runtime().data.device.state().get("batteryLevel"),
        mode_changed=lambda mode: _tell_mode(runtime(), mode),
        always_on_changed=lambda enabled: _tell_always_on(runtime(), enabled=enabled),
        changed=changed,
    )


def tell_phone_mode(runtime: SessionRuntime) -> None:
    """Tell a phone that has just come which mode the dashboard is in, unless it is the usual one."""
    mode = runtime.screen.dashboard.mode
    if mode != MAIN:
        runtime.phone.send(cloud_to_glasses.DashboardModeChange(mode=mode))


def _appointments(runtime: SessionRuntime) -> Iterator[Appointment]:
    for raw in runtime.data.calendar.values():
        try:
            event = _read_event(raw)
        except (msgspec.DecodeError, UnicodeEncodeError):
            continue
        appointment = read_appointment(event.title, event.dt_start, event.timezone)
        if appointment is not None:
            yield appointment


def _tell_mode(runtime: SessionRuntime, mode: str) -> None:
    """Tell the phone and the apps that take it; those of the newest SDK do not know modes."""
    runtime.phone.send(cloud_to_glasses.DashboardModeChange(mode=mode))
    now = iso(runtime.upkeep.clock.now())
    for seat in runtime.apps.present():
        if seat.family is not Family.C:
            tell_app(seat, DashboardModeChanged(mode=mode, session_id=seat.app_session_id, timestamp=now))


def _tell_always_on(runtime: SessionRuntime, *, enabled: bool) -> None:
    runtime.phone.send(cloud_to_glasses.DashboardAlwaysOnChange(enabled=enabled))
    now = iso(runtime.upkeep.clock.now())
    for seat in runtime.apps.present():
        if seat.family is not Family.C:
            tell_app(
                seat,
                DashboardAlwaysOnChanged(enabled=enabled, session_id=seat.app_session_id, timestamp=now),
            )
