"""An app draws (app-socket §7.1, §7.2)."""

import logging

from sessions_app.app_runs.seat import AppSeat
from sessions_app.handlers.registry import from_app
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.protocol.app_to_cloud import (
    DashboardContentUpdate,
    DashboardModeChange,
    DashboardSystemUpdate,
    DisplayEvent,
)

logger = logging.getLogger(__name__)


@from_app(DisplayEvent)
def on_display_event(runtime: SessionRuntime, seat: AppSeat, message: DisplayEvent) -> None:
    """Ask for the display; the arbiter decides whether, when and for how long."""
    runtime.screen.request(seat.package_name, message)


@from_app(DashboardContentUpdate, DashboardModeChange, DashboardSystemUpdate)
def on_dashboard(
    runtime: SessionRuntime,
    seat: AppSeat,
    message: DashboardContentUpdate | DashboardModeChange | DashboardSystemUpdate,
) -> None:
    """Note dashboard content: the dashboard itself is not drawn by this cloud yet."""
    logger.debug("%s has dashboard content", seat.package_name)
