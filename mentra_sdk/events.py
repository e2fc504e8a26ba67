"""What handlers receive: one class per kind of event (app-socket §6.2). Knows no session."""

from typing import Any

import msgspec

from mentra_sdk.wire import Timestamp


class Event(msgspec.Struct, rename="camel", kw_only=True, frozen=True):
    """Something that happened at the glasses, the phone or in speech recognition."""

    timestamp: Timestamp = None


class Transcription(Event, frozen=True, kw_only=True):
    """Recognised speech; times in milliseconds since the speech stream began.

    All results of an utterance, the interim ones and the final one, share its id.
    """

    text: str
    is_final: bool = False
    transcribe_language: str | None = None
    detected_language: str | None = None
    start_time: float | None = None
    end_time: float | None = None
    speaker_id: str | int | None = None
    utterance_id: str | None = None
    confidence: float | None = None
    provider: str | None = None

    @property
    def language(self) -> str | None:
        """What was spoken: the language that was detected, or else the one that was listened for."""
        return self.detected_language or self.transcribe_language


class Translation(Event, frozen=True, kw_only=True):
    """Translated speech; all results of an utterance share its id. Times as in Transcription."""

    text: str
    is_final: bool = False
    original_text: str | None = None
    transcribe_language: str | None = None
    translate_language: str | None = None
    did_translate: bool | None = None
    start_time: float | None = None
    end_time: float | None = None
    speaker_id: str | int | None = None
    utterance_id: str | None = None
    confidence: float | None = None
    provider: str | None = None


class ButtonPress(Event, frozen=True, kw_only=True):
    button_id: str
    press_type: str = "short"


class HeadPosition(Event, frozen=True, kw_only=True):
    position: str

    @property
    def is_up(self) -> bool:
        """Tell whether the wearer looks up."""
        return self.position == "up"


class TouchEvent(Event, frozen=True, kw_only=True):
    gesture_name: str = msgspec.field(name="gesture_name")
    device_model: str | None = msgspec.field(name="device_model", default=None)


class BatteryUpdate(Event, frozen=True, kw_only=True):
    """Charge of the glasses: `level` in percent, `time_remaining` in minutes."""

    level: float
    charging: bool = False
    time_remaining: float | None = None


class VoiceActivity(Event, frozen=True, kw_only=True):
    """Somebody began or ended to speak; older phones say it with a word."""

    status: bool | str

    @property
    def is_speaking(self) -> bool:
        """Tell whether there is a voice now."""
        return str(self.status).lower() == "true"


class LocationUpdate(Event, frozen=True, kw_only=True):
    """A position in degrees; `accuracy` in metres."""

    lat: float
    lng: float
    accuracy: float | None = None
    correlation_id: str | None = None


class PhoneNotification(Event, frozen=True, kw_only=True):
    notification_id: str
    app: str = ""
    title: str = ""
    content: str = ""
    priority: str = "normal"


class PhoneNotificationDismissed(PhoneNotification, frozen=True, kw_only=True):
    notification_key: str | None = None


class CalendarEvent(Event, frozen=True, kw_only=True):
    """An appointment; the two times are ISO 8601."""

    event_id: str
    title: str = ""
    dt_start: str | None = None
    dt_end: str | None = None
    timezone: str | None = None
    timestamp: Timestamp = msgspec.field(name="timeStamp", default=None)


class VpsCoordinates(Event, frozen=True, kw_only=True):
    """Where the glasses are in a mapped place: metres, and the rotation as a quaternion; `confidence` 0 to 1."""

    x: float
    y: float
    z: float
    qx: float = 0.0
    qy: float = 0.0
    qz: float = 0.0
    qw: float = 1.0
    confidence: float | None = None
    device_model: str | None = None
    request_id: str | None = None


class Capabilities(msgspec.Struct, rename="camel", kw_only=True, frozen=True):
    """What the connected glasses can do (streams-and-permissions §4); the details are plain objects."""

    model_name: str | None = None
    has_camera: bool = False
    camera: dict[str, Any] | None = None
    has_display: bool = False
    display: dict[str, Any] | None = None
    has_microphone: bool = False
    microphone: dict[str, Any] | None = None
    has_speaker: bool = False
    speaker: dict[str, Any] | None = None
    has_imu: bool = msgspec.field(name="hasIMU", default=False)
    imu: dict[str, Any] | None = None
    has_button: bool = False
    button: dict[str, Any] | None = None
    has_light: bool = False
    light: dict[str, Any] | None = None
    has_wifi: bool = False
    power: dict[str, Any] | None = None


class PermissionRefused(msgspec.Struct, frozen=True, kw_only=True):
    """A stream the app may not have, and the permission it would need to declare."""

    permission: str | None
    stream: str | None
    message: str


class PermissionProblem(msgspec.Struct, frozen=True, kw_only=True):
    """Something was refused for lack of permissions; `denied` names them in capitals."""

    message: str
    denied: tuple[str, ...]


class Disconnected(msgspec.Struct, frozen=True, kw_only=True):
    """The connection to the cloud broke; the session tries to come back by itself."""

    code: int
    reason: str
