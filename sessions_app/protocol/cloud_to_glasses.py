"""Every message the server sends to the phone (glasses-socket §5).

Must not know when a message is due. Fields without a default are always present on the wire, null included.
"""

from typing import Any

from msgspec import Raw

from sessions_app.protocol.base import NOTHING, Fragment, ToGlasses
from sessions_app.protocol.fragments import (
    AudioOptions,
    RestreamOutput,
    StreamOptions,
    StreamStats,
    VideoOptions,
)
from sessions_app.protocol.layouts import Layout


class UdpEncryption(Fragment, frozen=True):
    """The key of encrypted UDP audio: 32 bytes as base64 text (media §8.2)."""

    key: str
    algorithm: str


class LivekitRoom(Fragment, frozen=True):
    """Where a LiveKit room is and the token that opens it."""

    url: str
    room_name: str
    token: str


class UserSessionView(Fragment, frozen=True):
    """The session as old phones show it; lists hold package names (glasses-socket §2.1)."""

    user_id: str
    start_time: str
    active_app_sessions: list[str]
    loading_apps: list[str]
    app_subscriptions: dict[str, list[str]]
    requires_audio: bool
    minimum_transcription_languages: list[str]
    is_transcribing: bool


class ConnectionAck(ToGlasses, tag="connection_ack", frozen=True):
    """The phone is connected; the session id is the user id."""

    session_id: str
    user_session: UserSessionView
    timestamp: str
    env: str | None = None
    udp_host: str | None = None
    udp_port: int | None = None
    udp_encryption: UdpEncryption | None = None
    livekit: LivekitRoom | None = None


class ConnectionError(ToGlasses, tag="connection_error", frozen=True):
    """The phone cannot be served; a close follows."""

    message: str
    timestamp: str
    code: str | None = None


class AuthError(ToGlasses, tag="auth_error", frozen=True):
    """The token is invalid for good; old phones log the user out."""

    message: str
    timestamp: str


class WebsocketError(ToGlasses, tag="websocket_error", frozen=True):
    """A message went wrong; the connection stays."""

    error: str
    timestamp: str


class Ping(ToGlasses, tag="ping", frozen=True):
    """Keeps proxies awake; phones do nothing with it."""


class Pong(ToGlasses, tag="pong", frozen=True):
    """The answer to the phone's ping."""

    timestamp: str | None = None


class AppStateChange(ToGlasses, tag="app_state_change", frozen=True):
    """Running or loading apps changed; the phone fetches its app list."""

    session_id: str
    timestamp: str
    user_session: UserSessionView | None = None
    error: str | None = None


class AppStarted(ToGlasses, tag="app_started", frozen=True):
    """An app runs."""

    package_name: str
    timestamp: str


class AppStopped(ToGlasses, tag="app_stopped", frozen=True):
    """An app no longer runs, or could not be started."""

    package_name: str
    timestamp: str


class SettingsUpdate(ToGlasses, tag="settings_update", frozen=True):
    """All user settings under their camelCase names."""

    session_id: str
    settings: dict[str, Any]
    timestamp: str


class DashboardModeChange(ToGlasses, tag="dashboard_mode_change", frozen=True):
    """The dashboard is `main` or `expanded`."""

    mode: str


class DashboardAlwaysOnChange(ToGlasses, tag="dashboard_always_on_change", frozen=True):
    """The dashboard stays visible, or no longer does."""

    enabled: bool


class DisplayEvent(ToGlasses, tag="display_event", frozen=True):
    """Draw this on the view `main` or `dashboard`."""

    package_name: str
    view: str
    layout: Layout
    timestamp: str
    duration_ms: int | float | None = None


class MicrophoneStateChange(ToGlasses, tag="microphone_state_change", frozen=True):
    """What the microphone should do now; repeated while it is on."""

    session_id: str
    is_microphone_enabled: bool
    required_data: list[str]
    bypass_vad: bool
    timestamp: str


class PhotoRequest(ToGlasses, tag="photo_request", frozen=True):
    """Take a picture and POST it to `webhook_url`; exposure in nanoseconds."""

    session_id: str
    request_id: str
    app_id: str
    webhook_url: str
    size: str
    compress: str
    flash: bool
    sound: bool
    timestamp: str
    auth_token: str | None = None
    save_to_gallery: bool | None = None
    exposure_time_ns: int | None = None


class AudioPlayRequest(ToGlasses, tag="audio_play_request", frozen=True):
    """Play an absolute URL; volume 0 to 1."""

    session_id: str
    request_id: str
    app_id: str
    package_name: str
    audio_url: str
    volume: float
    stop_other_audio: bool
    timestamp: str
    track_id: int | float | None = None


class AudioStopRequest(ToGlasses, tag="audio_stop_request", frozen=True):
    """Stop one track of an app, or all of its sound."""

    session_id: str
    app_id: str
    track_id: int | float | None = None
    timestamp: str | None = None


class RgbLedControl(ToGlasses, tag="rgb_led_control", frozen=True):
    """Switch the light; times in milliseconds."""

    session_id: str
    request_id: str
    app_id: str
    package_name: str
    action: str
    color: str
    ontime: int | float
    offtime: int | float
    count: int | float
    timestamp: str | None = None


class CameraFovSet(ToGlasses, tag="camera_fov_set", frozen=True):
    """Set the camera's field of view in degrees."""

    session_id: str
    request_id: str
    app_id: str
    fov: int | float
    roi_position: str
    timestamp: str | None = None


class ShowWifiSetup(ToGlasses, tag="show_wifi_setup", frozen=True):
    """Ask the user to connect the glasses to Wi-Fi."""

    timestamp: str
    reason: str | None = None
    app_package_name: str | None = None


class SetLocationTier(ToGlasses, tag="set_location_tier", frozen=True):
    """Report the position this closely from now on."""

    tier: str


class RequestSingleLocation(ToGlasses, tag="request_single_location", frozen=True):
    """Report the position once, with this correlation id."""

    accuracy: str
    correlation_id: str


class StartStream(ToGlasses, tag="start_stream", frozen=True):
    """Stream the camera to a URL."""

    session_id: str
    app_id: str
    stream_id: str
    stream_url: str
    flash: bool
    timestamp: str
    video: VideoOptions | None = None
    audio: AudioOptions | None = None
    stream: StreamOptions | None = None
    sound: bool | None = None


class StartRtmpStream(ToGlasses, tag="start_rtmp_stream", frozen=True):
    """Stream the camera to a URL, in the words of a 2025 phone."""

    session_id: str
    app_id: str
    stream_id: str
    rtmp_url: str
    flash: bool
    timestamp: str
    video: VideoOptions | None = None
    audio: AudioOptions | None = None
    stream: StreamOptions | None = None
    sound: bool | None = None


class StopStream(ToGlasses, tag="stop_stream", frozen=True):
    """End a camera stream."""

    session_id: str
    app_id: str
    stream_id: str


class StopRtmpStream(ToGlasses, tag="stop_rtmp_stream", frozen=True):
    """End a camera stream, in the words of a 2025 phone."""

    session_id: str
    app_id: str
    stream_id: str


class KeepStreamAlive(ToGlasses, tag="keep_stream_alive", frozen=True):
    """Ask whether a camera stream is alive."""

    stream_id: str
    ack_id: str


class KeepRtmpStreamAlive(ToGlasses, tag="keep_rtmp_stream_alive", frozen=True):
    """Ask whether a camera stream is alive, in the words of a 2025 phone."""

    stream_id: str
    ack_id: str


class PhoneStreamStatus(ToGlasses, tag="phone_stream_status", frozen=True):
    """The state of a stream the phone asked for itself."""

    status: str
    stream_id: str | None = None
    error_details: str | None = None
    stats: StreamStats | None = None


class PhoneManagedStreamStatus(ToGlasses, tag="phone_managed_stream_status", frozen=True):
    """The state of a managed stream the phone asked for itself."""

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


class PhonePhotoReady(ToGlasses, tag="phone_photo_ready", frozen=True):
    """A picture asked for by an app on the phone is ready, or failed; size in bytes."""

    request_id: str
    timestamp: str
    photo_url: str | None = None
    mime_type: str | None = None
    size: int | None = None
    error: str | None = None


class DataStream(ToGlasses, tag="data_stream", frozen=True):
    """An event of a stream the phone itself asked for; the payload is raw JSON."""

    stream_type: str
    data: Raw
    timestamp: str


class UdpPingAck(ToGlasses, tag="udp_ping_ack", frozen=True):
    """A UDP ping arrived; timestamp in epoch milliseconds."""

    timestamp: int


class LivekitInfo(ToGlasses, tag="livekit_info", frozen=True):
    """Where the phone's LiveKit room is."""

    url: str
    room_name: str
    token: str


class Reconnect(ToGlasses, tag="reconnect", frozen=True):
    """Old phones drop this connection and open a new one."""


TO_GLASSES_MESSAGES: tuple[type[ToGlasses], ...] = tuple(ToGlasses.__subclasses__())
"""All classes of this module."""
