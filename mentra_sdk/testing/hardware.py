"""What the pretended glasses and phone are like just now: what the camera sees, how long sounds are, where they are."""

from dataclasses import dataclass, field
from typing import Any

EVERYTHING: dict[str, Any] = {
    "modelName": "Test Glasses",
    "hasCamera": True,
    "camera": {"resolution": {"width": 1920, "height": 1080}, "hasHDR": False, "hasFocus": True},
    "hasDisplay": True,
    "display": {"count": 1, "isColor": False, "canDisplayBitmap": True, "maxTextLines": 7},
    "hasMicrophone": True,
    "microphone": {"count": 1, "hasVAD": True},
    "hasSpeaker": True,
    "speaker": {"count": 1, "isPrivate": False},
    "hasIMU": True,
    "imu": None,
    "hasButton": True,
    "button": {"count": 1, "buttons": [{"type": "press", "events": ["press", "long_press"]}]},
    "hasLight": True,
    "light": {
        "count": 1,
        "lights": [{"id": "user_feedback", "purpose": "user_feedback", "isFullColor": True}],
    },
    "power": {"hasExternalBattery": False},
    "hasWifi": True,
}


@dataclass
class Hardware:
    """State that a test sets and the answers to an app's requests come from."""

    capabilities: dict[str, Any] | None = field(default_factory=lambda: dict(EVERYTHING))
    state: dict[str, Any] = field(
        default_factory=lambda: {"connected": True, "modelName": EVERYTHING["modelName"]}
    )
    battery: dict[str, Any] | None = None
    position: dict[str, Any] | None = None
    appointments: list[dict[str, Any]] = field(default_factory=list)
    picture: bytes | None = None
    camera_failure: tuple[str, str] | None = None
    sound_seconds: float = 0.0
    sound_failure: str | None = None
    light_failure: str | None = None
    streams: dict[str, str] = field(default_factory=dict)
    written_sound: dict[str, bytearray] = field(default_factory=dict)

    @property
    def photo_failure(self) -> tuple[str, str] | None:
        """Code and sentence of why no photo can be taken now; None when one can."""
        if self.camera_failure is None and self.picture is None:
            return "CAMERA_SEES_NOTHING", "the test has not said what the camera shows: camera_shows(picture)"
        return self.camera_failure
