"""Which subscription an event answers, and which permission a stream needs (streams-and-permissions §2). Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

ALL_PERMISSIONS = ("MICROPHONE", "LOCATION", "CALENDAR", "CAMERA", "READ_NOTIFICATIONS")

_ALIASES = {"NOTIFICATIONS": "READ_NOTIFICATIONS", "BACKGROUND_LOCATION": "LOCATION"}
_NEEDED = {
    "audio_chunk": "MICROPHONE",
    "transcription": "MICROPHONE",
    "translation": "MICROPHONE",
    "VAD": "MICROPHONE",
    "location_update": "LOCATION",
    "location_stream": "LOCATION",
    "calendar_event": "CALENDAR",
    "phone_notification": "READ_NOTIFICATIONS",
    "phone_notification_dismissed": "READ_NOTIFICATIONS",
    "photo_response": "CAMERA",
    "photo_taken": "CAMERA",
    "stream_status": "CAMERA",
    "managed_stream_status": "CAMERA",
}


def declared(permissions: Iterable[str | Mapping[str, Any]]) -> frozenset[str]:
    """Return what these declarations unlock: names, or entries of `app_config.json` with the name as `type`."""
    plain = [entry if isinstance(entry, str) else str(entry["type"]) for entry in permissions]
    names = frozenset(_ALIASES.get(name, name) for name in plain)
    return frozenset(ALL_PERMISSIONS) if "ALL" in names else names


def granted(permissions: frozenset[str]) -> dict[str, bool]:
    """Return the permissions as an ack tells them to an app (app-socket §3.3)."""
    return {
        "location": "LOCATION" in permissions,
        "microphone": "MICROPHONE" in permissions,
        "camera": "CAMERA" in permissions,
        "notifications": "READ_NOTIFICATIONS" in permissions,
        "calendar": "CALENDAR" in permissions,
    }


def permission_for(stream: str) -> str | None:
    """Return the permission a subscription needs, if any."""
    return _NEEDED.get(_plain(stream).partition(":")[0])


def names(subscriptions: Sequence[Any]) -> list[str]:
    """Return the streams of a subscription update; locations may come as an object with a rate."""
    return [entry["stream"] if isinstance(entry, dict) else str(entry) for entry in subscriptions]


def choose(subscriptions: Iterable[str], keys: Sequence[str]) -> str | None:
    """Return the subscription that answers best: `keys` are those an event fits, the most specific first."""
    wanted = list(subscriptions)
    return next((one for key in keys for one in wanted if _plain(one) == key), None)


def speech_keys(language: str) -> list[str]:
    """Return what speech in `language`, such as "en-US", fits."""
    short = language.partition("-")[0]
    plain = list(dict.fromkeys((language, short, "auto")))
    return [*(f"transcription:{each}" for each in plain), "transcription"]


def translation_keys(source: str, target: str) -> list[str]:
    """Return what a translation fits, in the short form of the current SDKs and the long one of the older."""
    short = source.partition("-")[0], target.partition("-")[0]
    pairs = [f"{source}-to-{target}", f"all-to-{target}", f"{short[0]}-{short[1]}", f"auto-{short[1]}"]
    return [f"translation:{pair}" for pair in pairs]


def _plain(stream: str) -> str:
    return stream.partition("?")[0]
