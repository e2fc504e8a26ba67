"""Every message the phone sends (glasses-socket §4).

Events that are relayed to apps travel as the raw text that handlers get beside the message; the fields here
are those the server itself reads or the simulator writes. Must not know what the server does with a message.
"""

from typing import Any

import msgspec
from msgspec import Raw

from sessions_app.protocol.base import NOTHING, GlassesMessage, Integer, Number, Timestamp
from sessions_app.protocol.fragments import (
    AudioOptions,
    PhotoError,
    RestreamDestination,
    StreamOptions,
    StreamStats,
    VideoOptions,
    WifiState,
)


class ConnectionInit(GlassesMessage, tag="connection_init", frozen=True):
    """An old phone greets; the token inside is ignored."""

    user_id: str | None = None
    core_token: str | None = None


class Ping(GlassesMessage, tag="ping", frozen=True):
    """The phone checks the connection."""


class Pong(GlassesMessage, tag="pong", frozen=True):
    """The phone answers a ping of an older server."""


class RequestSettings(GlassesMessage, tag="request_settings", frozen=True):
    """The phone asks for the user's settings."""


class SettingsUpdateRequest(GlassesMessage, tag="settings_update_request", frozen=True):
    """The phone asks for the user's settings; apps may listen."""


class CoreStatusUpdate(GlassesMessage, tag="core_status_update", frozen=True):
    """The whole status of an old phone, as an object or as JSON text."""

    status: dict[str, Any] | str | None = None
    details: Raw = NOTHING

    def read_status(self) -> dict[str, Any]:
        """Return the status as an object; empty when it is absent or is text that holds no JSON object."""
        if not isinstance(self.status, str):
            return self.status or {}
        try:
            return msgspec.json.decode(self.status, type=dict[str, Any])
        except (ValueError, RecursionError):
            return {}


class StartApp(GlassesMessage, tag="start_app", frozen=True):
    """The user starts an app."""

    package_name: str


class StopApp(GlassesMessage, tag="stop_app", frozen=True):
    """The user stops an app."""

    package_name: str


class DashboardState(GlassesMessage, tag="dashboard_state", frozen=True):
    """The dashboard was opened or closed."""

    is_open: bool


class OpenDashboard(GlassesMessage, tag="open_dashboard", frozen=True):
    """The user asks for the dashboard."""


class PhoneSubscriptionUpdate(GlassesMessage, tag="phone_subscription_update", frozen=True):
    """The complete list of streams the phone itself wants; single entries may be of a wrong type."""

    subscriptions: list[Any]


class ButtonPress(GlassesMessage, tag="button_press", frozen=True):
    """A button of the glasses was pressed, `short` or `long`."""

    button_id: str
    press_type: str


class HeadPosition(GlassesMessage, tag="head_position", frozen=True):
    """The head moved `up` or `down`."""

    position: str


class TouchEvent(GlassesMessage, tag="touch_event", frozen=True):
    """A gesture on the touch pad."""

    gesture_name: str = msgspec.field(name="gesture_name")
    device_model: str | None = msgspec.field(name="device_model", default=None)


class SwipeVolumeStatus(GlassesMessage, tag="swipe_volume_status", frozen=True):
    """Swiping changes the volume, or no longer does."""

    enabled: bool


class SwitchStatus(GlassesMessage, tag="switch_status", frozen=True):
    """A switch of the glasses changed."""

    switch_type: Number = msgspec.field(name="switch_type")
    switch_value: Number = msgspec.field(name="switch_value")


class GlassesBatteryUpdate(GlassesMessage, tag="glasses_battery_update", frozen=True):
    """Charge of the glasses in percent; `time_remaining` in minutes."""

    level: Number
    charging: bool | None = None
    time_remaining: Number | None = None


class PhoneBatteryUpdate(GlassesMessage, tag="phone_battery_update", frozen=True):
    """Charge of the phone in percent; `time_remaining` in minutes."""

    level: Number
    charging: bool | None = None
    time_remaining: Number | None = None


class GlassesConnectionState(GlassesMessage, tag="glasses_connection_state", frozen=True):
    """The glasses are `CONNECTED`, `DISCONNECTED` or `RECONNECTED` to the phone."""

    status: str
    model_name: str | None = None
    device_model: str | None = None
    wifi: WifiState | None = None


class LocationUpdate(GlassesMessage, tag="location_update", frozen=True):
    """A position in degrees, accuracy in metres; `correlation_id` names the poll it answers."""

    lat: Number
    lng: Number
    accuracy: Number | None = None
    correlation_id: str | None = None


class VpsCoordinates(GlassesMessage, tag="vps_coordinates", frozen=True):
    """A visual position: metres, a unit quaternion and a confidence of 0 to 1."""

    x: Number
    y: Number
    z: Number
    qx: Number
    qy: Number
    qz: Number
    qw: Number
    device_model: str | None = None
    request_id: str | None = None
    confidence: Number | None = None


class Vad(GlassesMessage, tag="VAD", frozen=True):
    """Someone speaks, or no longer; some phones write the boolean as text."""

    status: bool | str

    @property
    def is_speaking(self) -> bool:
        """Whether the status is true in either notation."""
        return self.status is True or (isinstance(self.status, str) and self.status.lower() == "true")


class LocalTranscription(GlassesMessage, tag="local_transcription", frozen=True):
    """Words recognised on the phone; times in milliseconds."""

    text: str
    is_final: bool
    start_time: Number | None = None
    end_time: Number | None = None
    speaker_id: Integer | str | None = None
    transcribe_language: str | None = None
    provider: str | None = None


class CalendarEvent(GlassesMessage, tag="calendar_event", frozen=True):
    """An entry of the phone's calendar; times as ISO-8601 text."""

    event_id: str
    dt_start: str
    title: str | None = None
    dt_end: str | None = None
    timezone: str | None = None
    time_stamp: Timestamp = None


class PhoneNotification(GlassesMessage, tag="phone_notification", frozen=True):
    """A notification appeared on the phone; some have no title or no content."""

    notification_id: str
    app: str
    title: str | None = None
    content: str | None = None
    priority: str | None = None


class PhoneNotificationDismissed(GlassesMessage, tag="phone_notification_dismissed", frozen=True):
    """A notification disappeared from the phone."""

    notification_id: str
    app: str | None = None
    title: str | None = None
    content: str | None = None
    priority: str | None = None
    notification_key: str | None = None


class PhotoResponse(GlassesMessage, tag="photo_response", frozen=True):
    """The outcome of a photo request."""

    request_id: str
    success: bool
    photo_url: str | None = None
    saved_to_gallery: bool | None = None
    error: PhotoError | None = None


class PhotoTaken(GlassesMessage, tag="photo_taken", frozen=True):
    """A picture as base64 text."""

    photo_data: str
    mime_type: str


class AudioPlayResponse(GlassesMessage, tag="audio_play_response", frozen=True):
    """The outcome of a playback; duration in milliseconds."""

    request_id: str
    success: bool
    error: str | None = None
    duration: Number | None = None


class RgbLedControlResponse(GlassesMessage, tag="rgb_led_control_response", frozen=True):
    """The outcome of a light request."""

    request_id: str
    success: bool
    error: str | None = None


class StreamStatus(GlassesMessage, tag="stream_status", frozen=True):
    """The state of a live stream of the glasses."""

    status: str
    stream_id: str | None = None
    error_details: str | None = None
    app_id: str | None = None
    stats: StreamStats | None = None
    resolved_config: Raw = NOTHING


class RtmpStreamStatus(GlassesMessage, tag="rtmp_stream_status", frozen=True):
    """The state of a live stream, in the words of a 2025 phone."""

    status: str
    stream_id: str | None = None
    error_details: str | None = None
    app_id: str | None = None
    stats: StreamStats | None = None
    resolved_config: Raw = NOTHING


class KeepAliveAck(GlassesMessage, tag="keep_alive_ack", frozen=True):
    """A live stream is alive."""

    stream_id: str
    ack_id: str


class VideoStreamResponse(GlassesMessage, tag="video_stream_response", frozen=True):
    """The outcome of a request of very old apps."""

    app_id: str
    success: bool
    stream_url: str | None = None
    error: str | None = None


class UdpRegister(GlassesMessage, tag="udp_register", frozen=True):
    """The phone will send audio by UDP; the hash is FNV-1a of its user id (media §8)."""

    user_id_hash: Integer


class UdpUnregister(GlassesMessage, tag="udp_unregister", frozen=True):
    """The phone stops sending audio by UDP."""

    user_id_hash: Integer


class LivekitInit(GlassesMessage, tag="livekit_init", frozen=True):
    """An old phone asks for a LiveKit room."""

    mode: str | None = None


class StreamRequest(GlassesMessage, tag="stream_request", frozen=True):
    """The phone asks for a live stream of its own (glasses-socket §4.6)."""

    stream_url: str
    video: VideoOptions | None = None
    audio: AudioOptions | None = None
    stream: StreamOptions | None = None
    sound: bool | None = None
    request_id: str | None = None


class StreamStop(GlassesMessage, tag="stream_stop", frozen=True):
    """The phone ends its live stream."""

    stream_id: str | None = None


class ManagedStreamRequest(GlassesMessage, tag="managed_stream_request", frozen=True):
    """The phone asks for a managed live stream of its own."""

    quality: str | None = None
    enable_webrtc: bool | None = msgspec.field(name="enableWebRTC", default=None)
    video: VideoOptions | None = None
    audio: AudioOptions | None = None
    stream: StreamOptions | None = None
    restream_destinations: list[RestreamDestination] | None = None
    sound: bool | None = None


class ManagedStreamStop(GlassesMessage, tag="managed_stream_stop", frozen=True):
    """The phone ends its managed live stream."""


GLASSES_MESSAGES: tuple[type[GlassesMessage], ...] = tuple(GlassesMessage.__subclasses__())
"""All classes of this module, the inbound vocabulary of the phone socket."""
