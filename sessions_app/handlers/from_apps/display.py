"""An app draws (app-socket §7.1, §7.2)."""

import logging

from sessions_app.app_runs.seat import AppSeat
from sessions_app.display.board import LONGEST_CONTENT, MAIN, MODES, SECTIONS, TARGETS
from sessions_app.handlers.registry import from_app
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.lifecycle.telling import tell_app_error
from sessions_app.protocol.app_to_cloud import (
    DashboardContentUpdate,
    DashboardModeChange,
    DashboardSystemUpdate,
    DisplayEvent,
)
from sessions_app.protocol.codes import ErrorCode

logger = logging.getLogger(__name__)


@from_app(DisplayEvent)
def on_display_event(runtime: SessionRuntime, seat: AppSeat, message: DisplayEvent) -> None:
    """Ask for the display; the arbiter decides whether, when and for how long."""
    runtime.screen.request(seat.package_name, message)


@from_app(DashboardContentUpdate)
def on_dashboard_content(runtime: SessionRuntime, seat: AppSeat, message: DashboardContentUpdate) -> None:
    """Put an app's content on the dashboard; without modes it is for the main one."""
    if _is_too_long(runtime, seat, message.content):
        return
    modes = message.modes or [MAIN]
    targets = [mode for mode in TARGETS if mode in modes]
    if not targets:
        _refuse(runtime, seat, f"modes must be some of {', '.join(TARGETS)}")
        return
    runtime.screen.dashboard.write(seat.package_name, message.content, targets)


@from_app(DashboardModeChange)
def on_dashboard_mode(runtime: SessionRuntime, seat: AppSeat, message: DashboardModeChange) -> None:
    """Let the system's dashboard app choose the mode; of others it is ignored."""
    if not _is_system_app(runtime, seat):
        return
    if message.mode not in MODES:
        _refuse(runtime, seat, f"mode must be one of {', '.join(MODES)}")
        return
    runtime.screen.dashboard.set_mode(message.mode)


@from_app(DashboardSystemUpdate)
def on_dashboard_section(runtime: SessionRuntime, seat: AppSeat, message: DashboardSystemUpdate) -> None:
    """Let the system's dashboard app fill a section; of others it is ignored."""
    if not _is_system_app(runtime, seat) or _is_too_long(runtime, seat, message.content):
        return
    if message.section not in SECTIONS:
        _refuse(runtime, seat, f"section must be one of {', '.join(SECTIONS)}")
        return
    runtime.screen.dashboard.fill(message.section, message.content)


def _is_system_app(runtime: SessionRuntime, seat: AppSeat) -> bool:
    if runtime.screen.dashboard.is_owned_by(seat.package_name):
        return True
    logger.info("%s is not the system's dashboard app: its wish is ignored", seat.package_name)
    return False


def _is_too_long(runtime: SessionRuntime, seat: AppSeat, content: str) -> bool:
    if len(content) <= LONGEST_CONTENT:
        return False
    _refuse(runtime, seat, f"content may have at most {LONGEST_CONTENT} characters")
    return True


def _refuse(runtime: SessionRuntime, seat: AppSeat, why: str) -> None:
    tell_app_error(runtime, seat, ErrorCode.MALFORMED_MESSAGE, f"Nothing is changed on the dashboard: {why}")
