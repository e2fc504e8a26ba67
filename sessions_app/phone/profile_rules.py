"""What a capability profile must be before apps get it (streams-and-permissions §4). Pure.

The names are those of the SDK's own type package. Whether the glasses really can do it nobody here knows.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

Count = Annotated[int, Meta(ge=0, le=100)]
Length = Annotated[int, Meta(ge=1, le=20_000)]
Degrees = Annotated[float, Meta(gt=0, le=360)]
Name = Annotated[str, Meta(min_length=1, max_length=100)]
Names = Annotated[list[Name], Meta(max_length=50)]


class _Part(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """A part of a profile; what is absent is not known."""


class _Size(_Part):
    width: Length
    height: Length


class _Video(_Part):
    can_record: bool
    can_stream: bool
    supported_stream_types: Names | UnsetType = UNSET
    supported_resolutions: Annotated[list[_Size], Meta(max_length=50)] | UnsetType = UNSET


class _Camera(_Part):
    video: _Video
    resolution: _Size | UnsetType = UNSET
    has_hdr: bool | UnsetType = msgspec.field(name="hasHDR", default=UNSET)
    has_focus: bool | UnsetType = UNSET


class _View(_Part):
    horizontal: Degrees | UnsetType = UNSET
    vertical: Degrees | UnsetType = UNSET


class _Display(_Part):
    count: Count | UnsetType = UNSET
    is_color: bool | UnsetType = UNSET
    color: Name | UnsetType = UNSET
    can_display_bitmap: bool | UnsetType = UNSET
    resolution: _Size | UnsetType = UNSET
    field_of_view: _View | UnsetType = UNSET
    max_text_lines: Count | UnsetType = UNSET
    adjust_brightness: bool | UnsetType = UNSET


class _Microphone(_Part):
    count: Count | UnsetType = UNSET
    has_vad: bool | UnsetType = msgspec.field(name="hasVAD", default=UNSET)


class _Speaker(_Part):
    count: Count | UnsetType = UNSET
    is_private: bool | UnsetType = UNSET


class _Imu(_Part):
    axis_count: Count | UnsetType = UNSET
    has_accelerometer: bool | UnsetType = UNSET
    has_compass: bool | UnsetType = UNSET
    has_gyroscope: bool | UnsetType = UNSET


class _OneButton(_Part):
    type: Literal["press", "swipe1d", "swipe2d"]
    events: Names
    is_capacitive: bool | UnsetType = UNSET


class _Button(_Part):
    count: Count | UnsetType = UNSET
    buttons: Annotated[list[_OneButton], Meta(max_length=20)] | UnsetType = UNSET


class _OneLight(_Part):
    id: Name
    purpose: Literal["privacy", "user_feedback", "general"]
    is_full_color: bool
    color: Name | UnsetType = UNSET
    position: Literal["front_facing", "user_facing", "side", "unknown"] | UnsetType = UNSET


class _Light(_Part):
    count: Count | UnsetType = UNSET
    lights: Annotated[list[_OneLight], Meta(max_length=20)] | UnsetType = UNSET


class _Power(_Part):
    has_external_battery: bool


class _Profile(_Part):
    model_name: Name
    has_camera: bool
    camera: _Camera | None
    has_display: bool
    display: _Display | None
    has_microphone: bool
    microphone: _Microphone | None
    has_speaker: bool
    speaker: _Speaker | None
    has_imu: bool = msgspec.field(name="hasIMU")
    imu: _Imu | None
    has_button: bool
    button: _Button | None
    has_light: bool
    light: _Light | None
    power: _Power
    has_wifi: bool


def profile_problem(profile: object) -> str:
    """Return the first thing that is wrong with a profile, as a sentence; empty when nothing is.

    Its `modelName` may be another than the model's: glasses are sold under several names.
    """
    if not isinstance(profile, Mapping):
        return "A profile is a JSON object."
    try:
        read = msgspec.convert(profile, _Profile)
    except msgspec.ValidationError as problem:
        return f"{problem}."
    if read.has_camera and read.camera is None:
        return "Apps ask what the camera can do: describe it in camera, or set hasCamera to false."
    return ""


def empty_profile(model_name: str) -> dict[str, Any]:
    """Return the profile of glasses that can do nothing, to begin with."""
    return {
        "modelName": model_name,
        **{"hasCamera": False, "camera": None, "hasDisplay": False, "display": None},
        **{"hasMicrophone": False, "microphone": None, "hasSpeaker": False, "speaker": None},
        **{"hasIMU": False, "imu": None, "hasButton": False, "button": None},
        **{"hasLight": False, "light": None, "power": {"hasExternalBattery": False}, "hasWifi": False},
    }
