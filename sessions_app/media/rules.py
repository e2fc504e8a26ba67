"""Whether phone and glasses can do what an app asks, checked the same way for every request (media.md §0).

Must not know sockets, sessions or the messages that carry request and answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, NamedTuple

from sessions_app.protocol.codes import ERROR_FACTS, ErrorCode
from sessions_app.protocol.permissions import PermissionType

STALE_SECONDS: Final = 30.0
# In front of the package of an app on the phone: it may have the name of one that is not.
ON_PHONE: Final = "phone:"
PHOTO_SIZES: Final = frozenset({"small", "medium", "large", "full"})
NARROWEST_VIEW: Final = 62
WIDE_VIEWS: Final = (82, 118)
VIEW_POSITIONS: Final = ("center", "top", "bottom")
PHOTO_COMPRESSIONS: Final = frozenset({"none", "medium", "heavy"})


class HardwareKind(StrEnum):
    """What can be asked of the hardware; UPLOAD is a photo that was taken and is on its way here."""

    PHOTO = "photo"
    UPLOAD = "upload"
    STREAM = "stream"
    MANAGED_STREAM = "managed_stream"
    CAMERA_FOV = "camera_fov"
    AUDIO = "audio"
    LED = "led"
    WIFI_SETUP = "wifi_setup"


class Hop(StrEnum):
    """How far a request came before it failed."""

    CLOUD = "cloud"
    PHONE = "phone"
    GLASSES = "glasses"


@dataclass(frozen=True, slots=True)
class HardwareFacts:
    """What the checks look at, at the moment of the request.

    `silent_seconds` is the time since the phone's last frame. `capabilities` and `wifi_connected` are None
    when unknown; what is unknown is allowed. `busy` means that too many requests are open, `direct_stream` that a
    stream runs to an address of an app's choice, which a managed one does not displace.
    """

    permissions: frozenset[str]
    app_running: bool
    phone_open: bool
    silent_seconds: float
    glasses_connected: bool
    capabilities: Mapping[str, Any] | None
    wifi_connected: bool | None
    busy: bool = False
    camera_busy: bool = False
    streaming: bool = False
    direct_stream: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request cannot be done, and the hop where it failed; the message may be shown to the app."""

    code: ErrorCode
    hop: Hop
    message: str


class _Needs(NamedTuple):
    permission: PermissionType | None = None
    glasses: bool = True
    capability: str | None = None
    wifi: bool = False


_NEEDS: Final = {
    HardwareKind.PHOTO: _Needs(PermissionType.CAMERA, capability="hasCamera", wifi=True),
    HardwareKind.UPLOAD: _Needs(glasses=False),
    HardwareKind.STREAM: _Needs(PermissionType.CAMERA, capability="hasCamera", wifi=True),
    HardwareKind.MANAGED_STREAM: _Needs(PermissionType.CAMERA, capability="hasCamera", wifi=True),
    HardwareKind.CAMERA_FOV: _Needs(PermissionType.CAMERA, capability="hasCamera"),
    # Without a speaker in the glasses the phone plays the sound itself.
    HardwareKind.AUDIO: _Needs(),
    HardwareKind.LED: _Needs(capability="hasLight"),
    HardwareKind.WIFI_SETUP: _Needs(glasses=False),
}


def hardware_refusal(kind: HardwareKind, facts: HardwareFacts) -> Refusal | None:
    """Return the first reason not to send the request on, None when there is none.

    The message was checked for its fields before; a send that fails comes after.
    """
    needs = _NEEDS[kind]
    return (
        _refuse_app(needs, facts)
        or _refuse_phone(facts)
        or (_refuse_glasses(needs, facts) if needs.glasses else None)
        or _refuse_conflict(kind, facts)
    )


def _refuse_app(needs: _Needs, facts: HardwareFacts) -> Refusal | None:
    if needs.permission is not None and needs.permission not in facts.permissions:
        return Refusal(ErrorCode.PERMISSION_DENIED, Hop.CLOUD, f"The app has not declared {needs.permission}")
    return None if facts.app_running else _refusal(ErrorCode.APP_NOT_STARTED, Hop.CLOUD)


def _refuse_phone(facts: HardwareFacts) -> Refusal | None:
    if not facts.phone_open:
        return _refusal(ErrorCode.PHONE_DISCONNECTED, Hop.PHONE)
    if facts.silent_seconds > STALE_SECONDS:
        return _refusal(ErrorCode.STALE_CONNECTION, Hop.PHONE)
    return None


def _refuse_glasses(needs: _Needs, facts: HardwareFacts) -> Refusal | None:
    if not facts.glasses_connected:
        return _refusal(ErrorCode.GLASSES_DISCONNECTED, Hop.GLASSES)
    capabilities = facts.capabilities
    if capabilities is None:
        return None
    if needs.capability is not None and not capabilities.get(needs.capability):
        part = needs.capability.removeprefix("has").lower()
        return Refusal(ErrorCode.NOT_SUPPORTED, Hop.GLASSES, f"The connected glasses have no {part}")
    if needs.wifi and capabilities.get("hasWifi") and facts.wifi_connected is False:
        return _refusal(ErrorCode.WIFI_NOT_CONNECTED, Hop.GLASSES)
    return None


def _refuse_conflict(kind: HardwareKind, facts: HardwareFacts) -> Refusal | None:
    if kind is HardwareKind.PHOTO and (facts.camera_busy or facts.streaming):
        return _refusal(ErrorCode.CAMERA_BUSY, Hop.GLASSES)
    if kind is HardwareKind.MANAGED_STREAM and facts.direct_stream:
        return _refusal(ErrorCode.STREAM_CONFLICT, Hop.CLOUD)
    return _refusal(ErrorCode.RATE_LIMITED, Hop.CLOUD) if facts.busy else None


def _refusal(code: ErrorCode, hop: Hop) -> Refusal:
    return Refusal(code, hop, ERROR_FACTS[code].message)


class Wait(StrEnum):
    """What a request may wait for, for a few seconds and once each, before it is refused."""

    REACH = "phone and glasses"
    CAMERA = "the camera"


def wait_for(refusal: Refusal, facts: HardwareFacts) -> Wait | None:
    """Return what may undo a refusal in a moment (P-43); None when nothing will."""
    if refusal.code in (ErrorCode.PHONE_DISCONNECTED, ErrorCode.GLASSES_DISCONNECTED):
        return Wait.REACH
    if refusal.code is ErrorCode.CAMERA_BUSY and not facts.streaming:
        return Wait.CAMERA
    return None


def photo_problem(size: str | None, compress: str | None, custom_url: str | None) -> str:
    """Return what is wrong with a request for a photo, as a sentence; empty when nothing is."""
    if size and size not in PHOTO_SIZES:
        return f"size must be one of {', '.join(sorted(PHOTO_SIZES))}"
    if compress and compress not in PHOTO_COMPRESSIONS:
        return f"compress must be one of {', '.join(sorted(PHOTO_COMPRESSIONS))}"
    if custom_url and not custom_url.startswith(("http://", "https://")):
        return "customWebhookUrl must begin with http:// or https://"
    return ""


def view_problem(degrees: float, roi_position: str) -> str:
    """Return what is wrong with a field of view, as a sentence; empty when nothing is."""
    least, most = WIDE_VIEWS
    if degrees != NARROWEST_VIEW and not least <= degrees <= most:
        return f"fov must be {NARROWEST_VIEW}, or from {least} to {most} degrees"
    if roi_position not in VIEW_POSITIONS:
        return f"roiPosition must be one of {', '.join(VIEW_POSITIONS)}"
    return ""
