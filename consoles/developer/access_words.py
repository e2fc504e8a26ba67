"""What permissions and parts of glasses are called, and what they mean, in plain words."""

from collections.abc import Mapping
from dataclasses import dataclass

from apps_registry.rules import HardwareType, PermissionType


@dataclass(frozen=True, slots=True)
class PermissionWords:
    """`example` is a reason as people would read it, `advice` what a developer should know before asking;
    rare ones are shown on demand only.
    """

    name: str
    symbol: str
    about: str
    example: str = ""
    advice: str = ""
    is_rare: bool = False


PERMISSIONS: Mapping[PermissionType, PermissionWords] = {
    PermissionType.MICROPHONE: PermissionWords(
        "Microphone",
        "mic",
        "Sound, and speech turned into text or another language.",
        example="To turn what people say into captions.",
    ),
    PermissionType.CAMERA: PermissionWords(
        "Camera",
        "photo_camera",
        "Take photos, stream video, set the field of view.",
        example="To read signs aloud for you.",
    ),
    PermissionType.LOCATION: PermissionWords(
        "Location",
        "location_on",
        "Where the wearer is, once or as they move.",
        example="To show you the way.",
    ),
    PermissionType.CALENDAR: PermissionWords(
        "Calendar",
        "calendar_month",
        "What stands in the calendar of the wearer's phone.",
        example="To tell you of your next meeting.",
    ),
    PermissionType.READ_NOTIFICATIONS: PermissionWords(
        "Notifications",
        "notifications",
        "Read what arrives on the wearer's phone: sender, title and text.",
        example="To show your messages on the glasses.",
    ),
    PermissionType.ALL: PermissionWords(
        "Everything",
        "all_inclusive",
        "All of the above at once.",
        advice="Few people agree to this. Ask for the ones you need.",
        is_rare=True,
    ),
    PermissionType.BACKGROUND_LOCATION: PermissionWords(
        "Location (old name)",
        "location_on",
        "Counts as Location.",
        advice="This is an old name. Ask for Location instead.",
        is_rare=True,
    ),
    PermissionType.NOTIFICATIONS: PermissionWords(
        "Notifications (old name)",
        "notifications",
        "Counts as Notifications.",
        advice="This is an old name. Ask for Notifications instead.",
        is_rare=True,
    ),
    PermissionType.POST_NOTIFICATIONS: PermissionWords(
        "Post notifications",
        "notification_add",
        "Reserved for later.",
        advice="This unlocks nothing today.",
        is_rare=True,
    ),
}

HARDWARE: Mapping[HardwareType, tuple[str, str]] = {
    HardwareType.DISPLAY: ("Display", "visibility"),
    HardwareType.MICROPHONE: ("Microphone", "mic"),
    HardwareType.CAMERA: ("Camera", "photo_camera"),
    HardwareType.SPEAKER: ("Speaker", "volume_up"),
    HardwareType.BUTTON: ("Button", "radio_button_checked"),
    HardwareType.IMU: ("Motion sensor", "screen_rotation"),
    HardwareType.LIGHT: ("Light", "lightbulb"),
    HardwareType.WIFI: ("Wi-Fi", "wifi"),
    HardwareType.EXIST: ("Any glasses", "eyeglasses"),
}

# Of no use without this part of the glasses.
USES: Mapping[PermissionType, HardwareType] = {
    PermissionType.MICROPHONE: HardwareType.MICROPHONE,
    PermissionType.CAMERA: HardwareType.CAMERA,
}
