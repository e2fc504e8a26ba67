"""Messages about the session itself (glasses-socket §4.1)."""

from accounts.services import store_user_settings
from sessions_app.handlers.answers import now_iso, send_settings, tell_phone_error
from sessions_app.handlers.from_glasses.device import device_changed
from sessions_app.handlers.registry import from_glasses
from sessions_app.handlers.relaying import relay
from sessions_app.lifecycle.reconciling import listeners_changed
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.lifecycle.views import connection_ack
from sessions_app.phone.device_state import changes_of_core_status, settings_of_core_status
from sessions_app.protocol import cloud_to_glasses
from sessions_app.protocol.codes import ErrorCode
from sessions_app.protocol.glasses_to_cloud import (
    ConnectionInit,
    CoreStatusUpdate,
    DashboardState,
    OpenDashboard,
    PhoneSubscriptionUpdate,
    Ping,
    Pong,
    RequestSettings,
    SettingsUpdateRequest,
)
from sessions_app.protocol.permissions import PermissionType
from sessions_app.streams.rules import Event, judge_subscriptions


@from_glasses(Ping)
def on_ping(runtime: SessionRuntime, message: Ping, raw: str) -> None:
    """Answer at once: the phone reconnects when it waits 5 s for a pong (§3)."""
    runtime.phone.send(cloud_to_glasses.Pong(timestamp=now_iso(runtime)))


@from_glasses(Pong)
def on_pong(runtime: SessionRuntime, message: Pong, raw: str) -> None:
    """Having heard the phone is all there is to it."""


@from_glasses(ConnectionInit)
def on_connection_init(runtime: SessionRuntime, message: ConnectionInit, raw: str) -> None:
    """Repeat the ack for older phones that ask for it; the identity was fixed by the upgrade (§2)."""
    runtime.data.uses_old_names = True
    runtime.phone.send(connection_ack(runtime))


@from_glasses(RequestSettings)
def on_request_settings(runtime: SessionRuntime, message: RequestSettings, raw: str) -> None:
    """Answer with the stored settings."""
    send_settings(runtime)


@from_glasses(SettingsUpdateRequest)
def on_settings_update_request(runtime: SessionRuntime, message: SettingsUpdateRequest, raw: str) -> None:
    """Answer with the stored settings, and let apps that follow such requests know."""
    send_settings(runtime)
    relay(runtime, Event("settings_update_request"), raw)


@from_glasses(CoreStatusUpdate)
def on_core_status_update(runtime: SessionRuntime, message: CoreStatusUpdate, raw: str) -> None:
    """Take device state and user settings out of an older phone's status report."""
    runtime.data.uses_old_names = True
    status = message.read_status()
    device_changed(runtime, changes_of_core_status(status))
    reported = settings_of_core_status(status)
    if any(runtime.data.user_settings.get(key) != value for key, value in reported.items()):
        subject = ("settings", *sorted(reported))
        runtime.upkeep.journal.write_newest(subject, store_user_settings, runtime.ref.user_pk, reported)
    relay(runtime, Event("core_status_update"), raw)


@from_glasses(DashboardState)
def on_dashboard_state(runtime: SessionRuntime, message: DashboardState, raw: str) -> None:
    """Keep the dashboard up to date as long as the phone shows it."""
    if message.is_open:
        runtime.screen.dashboard.opened()
    else:
        runtime.screen.dashboard.closed()


@from_glasses(OpenDashboard)
def on_open_dashboard(runtime: SessionRuntime, message: OpenDashboard, raw: str) -> None:
    """Draw the dashboard and let apps know that the user looks at it."""
    runtime.screen.dashboard.opened()
    relay(runtime, Event("open_dashboard"), raw)


@from_glasses(PhoneSubscriptionUpdate)
def on_phone_subscription_update(runtime: SessionRuntime, message: PhoneSubscriptionUpdate, raw: str) -> None:
    """Replace what the phone itself wants to hear; it may hear everything that is its own."""
    judgement = judge_subscriptions(message.subscriptions, frozenset(PermissionType))
    runtime.data.subscriptions = judgement.accepted
    for entry, problem in judgement.malformed[:1]:
        tell_phone_error(runtime, ErrorCode.MALFORMED_MESSAGE, f"{entry}: {problem}")
    listeners_changed(runtime)
