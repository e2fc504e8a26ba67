"""Live video of the glasses: what an app may wish for, and what it is told (app-socket §7.3, §8.5)."""

from typing import Any

import msgspec

from mentra_sdk.wire import Timestamp

ACTIVE = "active"
OVER = frozenset({"stopped", "error", "timeout"})


class VideoOptions(msgspec.Struct, rename="camel", kw_only=True, omit_defaults=True, frozen=True):
    """Width and height in pixels, bitrate in bit/s, frame rate in frames per second; None: as the glasses like it."""

    width: int | None = None
    height: int | None = None
    bitrate: int | None = None
    frame_rate: int | None = None


class AudioOptions(msgspec.Struct, rename="camel", kw_only=True, omit_defaults=True, frozen=True):
    """Bitrate in bit/s, sample rate in Hz; None: as the glasses like it."""

    bitrate: int | None = None
    sample_rate: int | None = None
    echo_cancellation: bool | None = None
    noise_suppression: bool | None = None


class StreamUrls(msgspec.Struct, frozen=True, kw_only=True):
    """Where a managed stream can be watched."""

    stream_id: str
    hls: str
    dash: str
    webrtc: str | None = None
    preview: str | None = None
    thumbnail: str | None = None


class StreamOutput(msgspec.Struct, rename="camel", frozen=True, kw_only=True):
    """One further place a managed stream is sent to: `status` is "active", "error" or "stopped"."""

    url: str
    status: str
    name: str | None = None
    error: str | None = None


class StreamStats(msgspec.Struct, rename="camel", frozen=True, kw_only=True):
    """Figures of a stream: bit/s, frames per second, frames, seconds."""

    bitrate: float | None = None
    fps: float | None = None
    dropped_frames: float | None = None
    duration: float | None = None


class StreamStatus(msgspec.Struct, rename="camel", frozen=True, kw_only=True):
    """How a stream stands: "initializing", "preparing", "active", "stopping", "stopped", "error", "timeout"…

    `message` says why, where there is something to say. `app_id` is whose direct stream it is.
    """

    status: str
    is_managed: bool = False
    stream_id: str | None = None
    app_id: str | None = None
    message: str | None = None
    urls: StreamUrls | None = None
    outputs: tuple[StreamOutput, ...] = ()
    stats: StreamStats | None = None
    resolved_config: dict[str, Any] | None = None

    @property
    def is_active(self) -> bool:
        """Tell whether there is a picture now."""
        return self.status == ACTIVE

    @property
    def is_over(self) -> bool:
        """Tell whether the stream ended."""
        return self.status in OVER


class StreamInfo(msgspec.Struct, rename="camel", frozen=True, kw_only=True):
    """The stream a user has, of whatever app; `type` is "managed" or "unmanaged"."""

    type: str
    stream_id: str
    status: str
    created_at: Timestamp = None
    hls_url: str | None = None
    dash_url: str | None = None
    webrtc_url: str | None = None
    preview_url: str | None = None
    thumbnail_url: str | None = None
    active_viewers: int | None = None
    stream_url: str | None = None
    rtmp_url: str | None = None
    requesting_app_id: str | None = None
