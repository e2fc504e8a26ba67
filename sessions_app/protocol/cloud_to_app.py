"""Every message the server sends to a mini app (app-socket §3, §4, §6, §8, §10).

Which family may get which is said in families.py. Must not know when a message is due. Fields without a
default are always present on the wire, null included.
"""

from typing import Any

from msgspec import Raw

from sessions_app.protocol.base import NOTHING, Fragment, ToApp
from sessions_app.protocol.fragments import GlassesInfo, PhotoError, RestreamOutput, StreamStats


class TpaConnectionAck(ToApp, tag="tpa_connection_ack", frozen=True):
    """The app is connected (app-socket §3.3)."""

    settings: list[dict[str, Any]]
    mentraos_settings: dict[str, Any]
    capabilities: dict[str, Any] | None
    config: dict[str, Any] | None
    subscriptions: list[str]
    user_id: str | None = None


class TpaConnectionError(ToApp, tag="tpa_connection_error", frozen=True):
    """Something went wrong; codes.py says whether a close follows (app-socket §10)."""

    code: str
    message: str
    request_id: str | None = None


class ReconnectAck(ToApp, tag="reconnect_ack", frozen=True):
    """The app is connected again; the full set, since the app replaces its copies (app-socket §3.4)."""

    settings: list[dict[str, Any]]
    mentraos_settings: dict[str, Any]
    capabilities: dict[str, Any] | None
    config: dict[str, Any] | None
    subscriptions: list[str]
    user_id: str | None = None


class ReconnectRejected(ToApp, tag="reconnect_rejected", frozen=True):
    """The app cannot come back this way; the socket stays open for its next step."""

    code: str
    message: str


class ReconnectDeferred(ToApp, tag="reconnect_deferred", frozen=True):
    """The app shall wait on this socket for an answer."""

    code: str
    message: str
    timeout_ms: int


class AppStopped(ToApp, tag="app_stopped", frozen=True):
    """The app is stopped on purpose (app-socket §8.2)."""

    reason: str
    message: str | None = None


class SettingsUpdate(ToApp, tag="settings_update", frozen=True):
    """All settings of the app; an object with `permissions` only towards family C (app-socket §8.3)."""

    settings: list[dict[str, Any]] | dict[str, Any]
    package_name: str | None = None


class AugmentosSettingsUpdate(ToApp, tag="augmentos_settings_update", frozen=True):
    """The user's settings of the system, all of them: SDKs forget what is left out."""

    settings: dict[str, Any]


class CapabilitiesUpdate(ToApp, tag="capabilities_update", frozen=True):
    """Other glasses, or none."""

    capabilities: dict[str, Any] | None
    model_name: str | None


class DeviceStateUpdate(ToApp, tag="device_state_update", frozen=True):
    """What changed about the glasses, or everything known of them."""

    state: GlassesInfo
    full_snapshot: bool


class DataStream(ToApp, tag="data_stream", frozen=True):
    """An event; `stream_type` is the app's subscription letter by letter, the payload is raw JSON."""

    stream_type: str
    data: Raw


class PhotoResponse(ToApp, tag="photo_response", frozen=True):
    """The outcome of a photo request; SDK 3 also reads the size in pixels."""

    request_id: str
    success: bool
    photo_url: str | None = None
    saved_to_gallery: bool | None = None
    width: int | None = None
    height: int | None = None
    error: PhotoError | None = None


class AudioPlayResponse(ToApp, tag="audio_play_response", frozen=True):
    """The outcome of a playback; duration in milliseconds."""

    request_id: str
    success: bool
    error: str | None = None
    duration: int | float | None = None


class RgbLedControlResponse(ToApp, tag="rgb_led_control_response", frozen=True):
    """The outcome of a light request."""

    request_id: str
    success: bool
    error: str | None = None


class AudioStreamReady(ToApp, tag="audio_stream_ready", frozen=True):
    """A live sound stream is open; `stream_url` is absolute."""

    stream_id: str
    stream_url: str


class StreamStatus(ToApp, tag="stream_status", frozen=True):
    """The state of a live stream, for families B and C."""

    status: str
    stream_id: str | None = None
    error_details: str | None = None
    app_id: str | None = None
    stats: StreamStats | None = None
    resolved_config: Raw = NOTHING


class RtmpStreamStatus(ToApp, tag="rtmp_stream_status", frozen=True):
    """The state of a live stream, for family A."""

    status: str
    stream_id: str | None = None
    error_details: str | None = None
    app_id: str | None = None
    stats: StreamStats | None = None
    resolved_config: Raw = NOTHING


class ManagedStreamStatus(ToApp, tag="managed_stream_status", frozen=True):
    """The state of a managed stream; `active` carries both playback URLs."""

    status: str
    stream_id: str | None = None
    hls_url: str | None = None
    dash_url: str | None = None
    webrtc_url: str | None = None
    preview_url: str | None = None
    thumbnail_url: str | None = None
    message: str | None = None
    outputs: list[RestreamOutput] | None = None
    resolved_config: Raw = NOTHING
    resumed: bool | None = None


class StreamInfo(Fragment, frozen=True):
    """The stream a user has; `type` is `managed` or `unmanaged`, both URLs of the target are the same."""

    type: str
    stream_id: str
    status: str
    created_at: str
    hls_url: str | None = None
    dash_url: str | None = None
    webrtc_url: str | None = None
    preview_url: str | None = None
    thumbnail_url: str | None = None
    active_viewers: int | None = None
    stream_url: str | None = None
    rtmp_url: str | None = None
    requesting_app_id: str | None = None


class StreamStatusCheckResponse(ToApp, tag="stream_status_check_response", frozen=True):
    """Whether the user streams, to whatever app."""

    has_active_stream: bool
    request_id: str | None = None
    stream_info: StreamInfo | None = None


class RefusedStream(Fragment, frozen=True):
    """One subscription that lacks a permission."""

    stream: str
    required_permission: str
    message: str


class PermissionError(ToApp, tag="permission_error", frozen=True):
    """Subscriptions that were refused, in the words of all families (app-socket §8.6)."""

    message: str
    details: list[RefusedStream]
    denied_permissions: list[str]


class PermissionDenied(ToApp, tag="permission_denied", frozen=True):
    """One refused subscription, for family C besides `permission_error`."""

    message: str
    permission: str
    stream_type: str


class DashboardModeChanged(ToApp, tag="dashboard_mode_changed", frozen=True):
    """The dashboard is `main` or `expanded`."""

    mode: str


class DashboardAlwaysOnChanged(ToApp, tag="dashboard_always_on_changed", frozen=True):
    """The dashboard stays visible, or no longer does."""

    enabled: bool


class CustomMessage(ToApp, tag="custom_message", frozen=True):
    """A platform event by name."""

    action: str
    payload: dict[str, Any]


class RequestTelemetry(ToApp, tag="request_telemetry", frozen=True):
    """Asks the app for its log of the last `window_ms` milliseconds."""

    incident_id: str
    upload_token: str
    window_ms: int


class Pong(ToApp, tag="pong", frozen=True):
    """The answer to the app's ping."""


class AppMessageReceived(ToApp, tag="app_message_received", frozen=True):
    """A message of another user of the same app; the payload is the sender's raw JSON."""

    payload: Raw
    message_id: str | None = None
    sender_user_id: str | None = None
    sender_session_id: str | None = None
    room_id: str | None = None


class AppDirectMessageResponse(ToApp, tag="app_direct_message_response", frozen=True):
    """Whether a direct message reached the other user."""

    success: bool
    message_id: str | None = None
    target_user_id: str | None = None
    error: str | None = None


class AppUserJoined(ToApp, tag="app_user_joined", frozen=True):
    """Another user, of this `session_id`, entered a room."""

    user_id: str
    room_id: str | None = None
    joined_at: str | None = None


class AppUserLeft(ToApp, tag="app_user_left", frozen=True):
    """Another user, of this `session_id`, left a room."""

    user_id: str
    room_id: str | None = None
    left_at: str | None = None


class RoomData(Fragment, frozen=True):
    """How full a room is; SDK 2 declares the number as `member_count`."""

    current_users: int
    member_count: int | None = None
    max_users: int | float | None = None
    is_private: bool | None = None
    metadata: Raw = NOTHING


class AppRoomUpdated(ToApp, tag="app_room_updated", frozen=True):
    """A room changed because of `update_type`: `user_joined` or `user_left`."""

    room_id: str
    room_data: RoomData
    update_type: str | None = None


TO_APP_MESSAGES: tuple[type[ToApp], ...] = tuple(ToApp.__subclasses__())
"""All classes of this module."""
