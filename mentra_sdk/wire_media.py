"""The messages about camera, speaker and lights, as classes (app-socket §7.3, §7.4, §8.5; flows in media.md)."""

from typing import Any

import msgspec

from mentra_sdk.live_video import (
    ACTIVE,
    AudioOptions,
    StreamInfo,
    StreamOutput,
    StreamStats,
    StreamStatus,
    StreamUrls,
    VideoOptions,
)
from mentra_sdk.wire import FromCloud, Timestamp, ToCloud

MP3 = "audio/mpeg"


class PhotoRequest(ToCloud, tag="photo_request"):
    """Asks for one photo; answered by a PhotoResponse. Without `sound` the cloud takes it as true."""

    request_id: str
    save_to_gallery: bool
    size: str
    compress: str
    sound: bool = True


class StreamRequest(ToCloud, tag="stream_request"):
    """Asks the glasses to stream to an address of the app; answered by CameraStreamStatus messages."""

    stream_url: str
    video: VideoOptions | None = None
    audio: AudioOptions | None = None
    stream: dict[str, float] | None = None
    sound: bool = True


class StreamStop(ToCloud, tag="stream_stop"):
    """Ends such a stream."""

    stream_id: str | None = None


class ManagedStreamRequest(ToCloud, tag="managed_stream_request"):
    """Asks the glasses to stream to the cloud; answered by ManagedStreamStatus messages."""

    enable_webrtc: bool = msgspec.field(name="enableWebRTC")
    quality: str | None = None
    video: VideoOptions | None = None
    audio: AudioOptions | None = None
    stream: dict[str, float] | None = None
    restream_destinations: list[dict[str, str]] | None = None
    sound: bool = True


class ManagedStreamStop(ToCloud, tag="managed_stream_stop"):
    """Leaves such a stream."""


class StreamStatusCheck(ToCloud, tag="stream_status_check"):
    """Asks whether the user streams, to whatever app."""

    request_id: str


class AudioPlayRequest(ToCloud, tag="audio_play_request"):
    """Has sound played; `volume` 0 to 1. The address may be relative for sound of the cloud itself."""

    request_id: str
    audio_url: str
    volume: float
    stop_other_audio: bool
    track_id: int


class AudioStopRequest(ToCloud, tag="audio_stop_request"):
    """Stops the app's sound on a track, or on all."""

    track_id: int | None = None


class AudioStreamStart(ToCloud, tag="audio_stream_start"):
    """Opens a stream of sound; answered by AudioStreamReady."""

    stream_id: str
    content_type: str


class AudioStreamEnd(ToCloud, tag="audio_stream_end"):
    """Everything of a stream is sent."""

    stream_id: str


class LedControl(ToCloud, tag="rgb_led_control"):
    """Switches a light; times in milliseconds."""

    request_id: str
    action: str
    color: str | None = None
    ontime: int | None = None
    offtime: int | None = None
    count: int | None = None


class WifiSetupRequest(ToCloud, tag="request_wifi_setup"):
    """Asks the user to connect the glasses to Wi-Fi."""

    reason: str | None = None


class Failure(msgspec.Struct):
    """Why something failed."""

    code: str | None = None
    message: str | None = None


class PhotoResponse(FromCloud, tag="photo_response"):
    """The outcome of a PhotoRequest."""

    request_id: str | None = None
    success: bool = True
    photo_url: str | None = None
    width: float | None = None
    height: float | None = None
    saved_to_gallery: bool | None = None
    error: Failure | str | None = None
    timestamp: Timestamp = None


class AudioPlayResponse(FromCloud, tag="audio_play_response"):
    """The outcome of an AudioPlayRequest; duration in milliseconds."""

    request_id: str
    success: bool = True
    error: str | None = None
    duration: float | None = None


class LedResponse(FromCloud, tag="rgb_led_control_response"):
    """The outcome of a LedControl."""

    request_id: str | None = None
    success: bool = True
    error: str | None = None


class AudioStreamReady(FromCloud, tag="audio_stream_ready"):
    """A stream of sound is open; the phone fetches it at `stream_url`."""

    stream_id: str
    stream_url: str


class CameraStreamStatus(FromCloud, tag="stream_status"):
    """How a stream to an address of the app stands."""

    status: str
    stream_id: str | None = None
    error_details: str | None = None
    app_id: str | None = None
    stats: StreamStats | None = None
    resolved_config: dict[str, Any] | None = None


class RtmpStreamStatus(CameraStreamStatus, tag="rtmp_stream_status"):
    """The same in the words of older clouds."""


class ManagedStreamStatus(FromCloud, tag="managed_stream_status"):
    """How a stream to the cloud stands."""

    status: str
    stream_id: str | None = None
    hls_url: str | None = None
    dash_url: str | None = None
    webrtc_url: str | None = None
    preview_url: str | None = None
    thumbnail_url: str | None = None
    message: str | None = None
    outputs: list[StreamOutput] | None = None
    resolved_config: dict[str, Any] | None = None


class StreamStatusCheckResponse(FromCloud, tag="stream_status_check_response"):
    """Whether the user streams."""

    has_active_stream: bool = False
    request_id: str | None = None
    stream_info: StreamInfo | None = None


def status_of(message: CameraStreamStatus | ManagedStreamStatus) -> StreamStatus:
    """Return what authors are told of how a stream stands."""
    if isinstance(message, CameraStreamStatus):
        return StreamStatus(
            status=message.status,
            stream_id=message.stream_id,
            app_id=message.app_id,
            message=message.error_details,
            stats=message.stats,
            resolved_config=message.resolved_config,
        )
    return StreamStatus(
        status=message.status,
        is_managed=True,
        stream_id=message.stream_id,
        message=message.message,
        urls=_urls_of(message),
        outputs=tuple(message.outputs or ()),
        resolved_config=message.resolved_config,
    )


def _urls_of(message: ManagedStreamStatus) -> StreamUrls | None:
    """Return where the stream is watched; only an active one has a place for viewers."""
    if message.status != ACTIVE or not message.hls_url or not message.dash_url:
        return None
    return StreamUrls(
        stream_id=message.stream_id or "",
        hls=message.hls_url,
        dash=message.dash_url,
        webrtc=message.webrtc_url,
        preview=message.preview_url,
        thumbnail=message.thumbnail_url,
    )
