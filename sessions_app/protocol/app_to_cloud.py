"""Every message a mini app sends (app-socket §3, §4, §5.1, §7).

The socket's identity counts; `packageName` and `sessionId` inside messages prove nothing. Must not know what
the server does with a message.
"""

from typing import Annotated, Any

import msgspec
from msgspec import Raw

from sessions_app.protocol.base import NOTHING, AppMessage, Fragment, Number
from sessions_app.protocol.fragments import AudioOptions, RestreamDestination, StreamOptions, VideoOptions
from sessions_app.protocol.layouts import Layout

MOST_HINTS = 100
MOST_WORDS = 1_000
Word = Annotated[str, msgspec.Meta(max_length=200)]
"""A language code or a word that an app wants recognised; a session keeps them."""


class TpaConnectionInit(AppMessage, tag="tpa_connection_init", frozen=True):
    """An app introduces itself; what it leaves out stands in the headers of the upgrade."""

    api_key: str | None = None
    sdk_version: str | None = None


class Reconnect(AppMessage, tag="reconnect", frozen=True):
    """A family C app is back after a lost connection; its key stands in the headers."""

    sdk_version: str | None = None


class Ping(AppMessage, tag="ping", frozen=True):
    """The app checks the connection."""


class SubscriptionUpdate(AppMessage, tag="subscription_update", frozen=True):
    """The complete new list of streams; each entry is judged on its own, whatever its type."""

    subscriptions: list[Any]


class DisplayEvent(AppMessage, tag="display_event", frozen=True):
    """A drawing; `duration_ms` 0 or absent means until replaced."""

    layout: Layout
    view: str | None = None
    duration_ms: Number | None = None
    force_display: bool | None = None


class DashboardContentUpdate(AppMessage, tag="dashboard_content_update", frozen=True):
    """The app's line of the dashboard; empty text removes it."""

    content: str
    modes: list[str] | None = None


class DashboardModeChange(AppMessage, tag="dashboard_mode_change", frozen=True):
    """The system dashboard app changes the mode."""

    mode: str


class DashboardSystemUpdate(AppMessage, tag="dashboard_system_update", frozen=True):
    """The system dashboard app fills a corner."""

    section: str
    content: str


class PhotoRequest(AppMessage, tag="photo_request", frozen=True):
    """The app asks for a picture."""

    request_id: str
    save_to_gallery: bool | None = None
    custom_webhook_url: str | None = None
    auth_token: str | None = None
    size: str | None = None
    compress: str | None = None
    sound: bool | None = None


class RtmpStreamRequest(AppMessage, tag="rtmp_stream_request", frozen=True):
    """The app asks for a live stream, in the words of family A."""

    rtmp_url: str
    video: VideoOptions | None = None
    audio: AudioOptions | None = None
    stream: StreamOptions | None = None


class RtmpStreamStop(AppMessage, tag="rtmp_stream_stop", frozen=True):
    """The app ends a live stream, in the words of family A."""

    stream_id: str | None = None


class StreamRequest(AppMessage, tag="stream_request", frozen=True):
    """The app asks for a live stream to a place of its choice."""

    stream_url: str
    video: VideoOptions | None = None
    audio: AudioOptions | None = None
    stream: StreamOptions | None = None
    sound: bool | None = None


class StreamStop(AppMessage, tag="stream_stop", frozen=True):
    """The app ends a live stream."""

    stream_id: str | None = None


class ManagedStreamRequest(AppMessage, tag="managed_stream_request", frozen=True):
    """The app asks for a live stream that the cloud distributes."""

    quality: str | None = None
    enable_webrtc: bool | None = msgspec.field(name="enableWebRTC", default=None)
    video: VideoOptions | None = None
    audio: AudioOptions | None = None
    stream: StreamOptions | None = None
    restream_destinations: list[RestreamDestination] | None = None
    sound: bool | None = None


class ManagedStreamStop(AppMessage, tag="managed_stream_stop", frozen=True):
    """The app no longer needs the managed live stream."""


class StreamStatusCheck(AppMessage, tag="stream_status_check", frozen=True):
    """The app asks whether the user streams; families A and B may leave the request id out."""

    request_id: str | None = None


class CameraFovSet(AppMessage, tag="camera_fov_set", frozen=True):
    """The app sets the camera's field of view in degrees."""

    fov: Number
    request_id: str | None = None
    roi_position: str | None = None


class AudioPlayRequest(AppMessage, tag="audio_play_request", frozen=True):
    """The app plays a sound; volume 0 to 1."""

    request_id: str
    audio_url: str
    volume: Number | None = None
    stop_other_audio: bool | None = None
    track_id: Number | None = None


class AudioStopRequest(AppMessage, tag="audio_stop_request", frozen=True):
    """The app stops a track, or all of its sound."""

    track_id: Number | None = None


class AudioStreamStart(AppMessage, tag="audio_stream_start", frozen=True):
    """The app opens a live sound stream; binary frames with this id follow."""

    stream_id: str
    content_type: str | None = None


class AudioStreamEnd(AppMessage, tag="audio_stream_end", frozen=True):
    """The app has sent all of a live sound stream."""

    stream_id: str


class RgbLedControl(AppMessage, tag="rgb_led_control", frozen=True):
    """The app switches the light; times in milliseconds."""

    request_id: str
    action: str
    color: str | None = None
    ontime: Number | None = None
    offtime: Number | None = None
    count: Number | None = None


class RequestWifiSetup(AppMessage, tag="request_wifi_setup", frozen=True):
    """The app asks the user to connect the glasses to Wi-Fi."""

    reason: str | None = None


class LocationPollRequest(AppMessage, tag="location_poll_request", frozen=True):
    """The app asks for one position; accuracy is the name of a tier."""

    correlation_id: str
    accuracy: str | None = None


class TranscriptionConfig(AppMessage, tag="transcription_config", frozen=True):
    """How the app wants its speech recognised."""

    language_hints: Annotated[list[Word], msgspec.Meta(max_length=MOST_HINTS)] | None = None
    vocabulary: Annotated[list[Word], msgspec.Meta(max_length=MOST_WORDS)] | None = None
    diarization: bool | None = None


class OwnershipRelease(AppMessage, tag="ownership_release", frozen=True):
    """The app lets this socket go on purpose (app-socket §3.5)."""

    reason: str | None = None


class TelemetryResponse(AppMessage, tag="telemetry_response", frozen=True):
    """Log lines of the app for an incident; opaque."""

    incident_id: str
    logs: Raw = NOTHING
    metadata: Raw = NOTHING


class AppBroadcastMessage(AppMessage, tag="app_broadcast_message", frozen=True):
    """For all other users of the same app, or of one of its rooms; the payload is opaque JSON."""

    payload: Raw
    room_id: str | None = None
    message_id: str | None = None
    sender_user_id: str | None = None


class AppDirectMessage(AppMessage, tag="app_direct_message", frozen=True):
    """For one other user of the same app; the payload is opaque JSON."""

    target_user_id: str
    payload: Raw
    message_id: str | None = None
    sender_user_id: str | None = None


class AppUserDiscovery(AppMessage, tag="app_user_discovery", frozen=True):
    """The app asks who else uses it."""

    include_user_profiles: bool | None = None


class RoomConfig(Fragment, frozen=True):
    """How a room is opened; the metadata is opaque JSON."""

    max_users: Number | None = None
    is_private: bool | None = None
    metadata: Raw = NOTHING


class AppRoomJoin(AppMessage, tag="app_room_join", frozen=True):
    """The user enters a room of the app."""

    room_id: str
    room_config: RoomConfig | None = None


class AppRoomLeave(AppMessage, tag="app_room_leave", frozen=True):
    """The user leaves a room of the app."""

    room_id: str


APP_MESSAGES: tuple[type[AppMessage], ...] = tuple(AppMessage.__subclasses__())
"""All classes of this module, the inbound vocabulary of the app socket."""
