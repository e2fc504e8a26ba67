"""Objects nested in messages of more than one direction: camera options, statistics, photo errors.

Must not know the messages that carry them.
"""

from msgspec import UNSET, Raw, UnsetType

from sessions_app.protocol.base import NOTHING, Fragment, Integer, Number


class VideoOptions(Fragment, frozen=True):
    """Picture size in pixels, bit/s and frames per second of a live stream (app-socket §7.3)."""

    width: Number | None = None
    height: Number | None = None
    bitrate: Number | None = None
    frame_rate: Number | None = None


class AudioOptions(Fragment, frozen=True):
    """Bit/s, Hz and filters of a live stream's sound (app-socket §7.3)."""

    bitrate: Number | None = None
    sample_rate: Number | None = None
    echo_cancellation: bool | None = None
    noise_suppression: bool | None = None


class StreamOptions(Fragment, frozen=True):
    """Limits of a live stream; `duration_limit` in seconds (app-socket §7.3)."""

    duration_limit: Number | None = None


class StreamStats(Fragment, frozen=True):
    """Figures of a live stream: bit/s, frames per second, frames, seconds (glasses-socket §4.4)."""

    bitrate: Number | None = None
    fps: Number | None = None
    dropped_frames: Number | None = None
    duration: Number | None = None


class RestreamDestination(Fragment, frozen=True):
    """One further place a managed stream is sent to (app-socket §7.3)."""

    url: str
    name: str | None = None


class PhotoErrorDetails(Fragment, frozen=True):
    """Where on the way a photo failed (glasses-socket §4.4); the diagnostics are opaque."""

    stage: str | None = None
    connection_state: str | None = None
    retryable: bool | None = None
    suggested_action: str | None = None
    diagnostic_info: Raw = NOTHING


class PhotoError(Fragment, frozen=True):
    """Why a photo failed (glasses-socket §4.4, app-socket §8.5)."""

    code: str
    message: str | None = None
    details: PhotoErrorDetails | None = None


class WifiState(Fragment, frozen=True):
    """The Wi-Fi of the glasses as the phone reports it (glasses-socket §4.2)."""

    connected: bool
    ssid: str | None = None


class RestreamOutput(Fragment, frozen=True):
    """How one further place of a managed stream fares (app-socket §8.5)."""

    url: str
    status: str
    name: str | None = None
    error: str | None = None


class GlassesInfo(Fragment, frozen=True):
    """State of the glasses (streams-and-permissions §5): absent means unchanged, None means unknown."""

    model_name: str | None | UnsetType = UNSET
    device_model: str | None | UnsetType = UNSET
    android_version: str | None | UnsetType = UNSET
    fw_version: str | None | UnsetType = UNSET
    build_number: Integer | str | None | UnsetType = UNSET
    app_version: str | None | UnsetType = UNSET
    ota_version_url: str | None | UnsetType = UNSET
    bluetooth_name: str | None | UnsetType = UNSET
    serial_number: str | None | UnsetType = UNSET
    style: str | None | UnsetType = UNSET
    color: str | None | UnsetType = UNSET
    timestamp: Integer | float | str | None | UnsetType = UNSET
    connected: bool | None | UnsetType = UNSET
    battery_level: Number | None | UnsetType = UNSET
    charging: bool | None | UnsetType = UNSET
    case_battery_level: Number | None | UnsetType = UNSET
    case_charging: bool | None | UnsetType = UNSET
    case_open: bool | None | UnsetType = UNSET
    case_removed: bool | None | UnsetType = UNSET
    wifi_connected: bool | None | UnsetType = UNSET
    wifi_ssid: str | None | UnsetType = UNSET
    wifi_local_ip: str | None | UnsetType = UNSET
    hotspot_enabled: bool | None | UnsetType = UNSET
    hotspot_ssid: str | None | UnsetType = UNSET
    hotspot_password: str | None | UnsetType = UNSET
    hotspot_gateway_ip: str | None | UnsetType = UNSET
