"""The messages between a mini app and the cloud, as classes; those about its hardware are in wire_media.

The names are those of app-socket §3, §5, §7, §8; Python attributes are snake_case, the wire is camelCase.
"""

from datetime import UTC, datetime
from typing import Any

import msgspec

from mentra_sdk.layouts import Layout

Timestamp = str | int | float | None


def iso_now() -> str:
    """Return the current time as the wire writes it, for example 2026-01-02T03:04:05.678Z."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class ToCloud(msgspec.Struct, rename="camel", tag_field="type", kw_only=True, omit_defaults=True):
    """A message of the app; the session fills in the three common fields."""

    package_name: str = ""
    session_id: str = ""
    timestamp: str = ""


class ConnectionInit(ToCloud, tag="tpa_connection_init"):
    api_key: str
    sdk_version: str


class Reconnect(ToCloud, tag="reconnect"):
    sdk_version: str


class LocationRate(msgspec.Struct):
    """A subscription of positions that chooses a tier (§5.2)."""

    stream: str
    rate: str


class SubscriptionUpdate(ToCloud, tag="subscription_update"):
    """The complete list of wanted streams; it replaces the one before."""

    subscriptions: list[str | LocationRate]


class DisplayEvent(ToCloud, tag="display_event"):
    """A drawing; `duration_ms` None means until it is replaced."""

    view: str
    layout: Layout
    duration_ms: int | None = None
    force_display: bool = False


class DashboardContentUpdate(ToCloud, tag="dashboard_content_update"):
    """The app's content of the dashboard; empty text removes it (§7.2)."""

    content: str
    modes: list[str]


class TranscriptionConfig(ToCloud, tag="transcription_config"):
    """How this session's speech should be recognised; it replaces the one before (§7.4)."""

    diarization: bool
    language_hints: list[str] = []
    vocabulary: list[str] = []


class LocationPollRequest(ToCloud, tag="location_poll_request"):
    """Asks once for a position; the answer is an event that carries the id (§7.4)."""

    correlation_id: str
    accuracy: str


class OwnershipRelease(ToCloud, tag="ownership_release"):
    reason: str


class Ping(msgspec.Struct, tag_field="type", tag="ping"):
    """Asks for a `pong`; carries nothing."""


class FromCloud(msgspec.Struct, rename="camel", tag_field="type", kw_only=True):
    """A message of the cloud."""


class ConnectionAck(FromCloud, tag="tpa_connection_ack"):
    """The session is attached (§3.3)."""

    session_id: str | None = None
    settings: list[dict[str, Any]] | dict[str, Any] | None = None
    mentraos_settings: dict[str, Any] | None = None
    capabilities: dict[str, Any] | None = None


class ReconnectAck(ConnectionAck, tag="reconnect_ack"):
    """The session is attached again."""


class ErrorMessage(FromCloud, tag="tpa_connection_error"):
    """An error, during the handshake or later (§10)."""

    code: str | None = None
    message: str = ""
    request_id: str | None = None


class ReconnectRejected(FromCloud, tag="reconnect_rejected"):
    code: str
    message: str = ""


class ReconnectDeferred(FromCloud, tag="reconnect_deferred"):
    """Wait on this socket for an ack, at most `timeout_ms`."""

    code: str | None = None
    timeout_ms: int | float = 30_000


class AppStopped(FromCloud, tag="app_stopped"):
    """The session is over; do not come back."""

    reason: str = "system_stop"
    message: str | None = None


class SettingsUpdate(FromCloud, tag="settings_update"):
    """The app's settings: the full list, or an object that carries new permissions."""

    settings: list[dict[str, Any]] | dict[str, Any]


class PlatformSettingsUpdate(FromCloud, tag="augmentos_settings_update"):
    """Settings of the user that concern every app, such as the time zone."""

    settings: dict[str, Any]


class CapabilitiesUpdate(FromCloud, tag="capabilities_update"):
    capabilities: dict[str, Any] | None = None


class DeviceStateUpdate(FromCloud, tag="device_state_update"):
    state: dict[str, Any]
    full_snapshot: bool = False


class DataStream(FromCloud, tag="data_stream"):
    """An event; `stream_type` is the subscription it answers, `data` its JSON."""

    stream_type: str
    data: msgspec.Raw


class PermissionIssue(FromCloud, tag="permission_error"):
    """A summary of refused subscriptions; each one also comes as PermissionDenied."""

    message: str = ""
    denied_permissions: list[str] = []


class PermissionDenied(FromCloud, tag="permission_denied"):
    message: str = ""
    permission: str | None = None
    stream_type: str | None = None


class Pong(FromCloud, tag="pong"):
    """The answer to a Ping."""
