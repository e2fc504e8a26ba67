"""User settings: names in either spelling, sizes, defaults."""

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Any
from zoneinfo import available_timezones

from accounts.errors import InvalidUserSettings

MAX_USER_SETTINGS_BYTES = 65_536
# Far below what stops an encoder, whose limit depends on who calls it: what is taken once can be written ever after.
MAX_NESTING = 50
MAX_MODEL_CHARACTERS = 256

# Streams-and-permissions §8, in the spelling of the legacy settings object.
DEFAULT_USER_SETTINGS: Mapping[str, bool | int] = {
    "useOnboardMic": False,
    "contextualDashboard": True,
    "headUpAngle": 20,
    "brightness": 50,
    "autoBrightness": False,
    "sensingEnabled": True,
    "alwaysOnStatusBar": False,
    "bypassVad": False,
    "bypassAudioEncoding": False,
    "metricSystemEnabled": False,
}


def json_size(value: object) -> int:
    """Return the bytes `value` takes as JSON text.

    Raises ValueError, its text the end of a sentence, for what not every database can keep: NaN, NUL
    characters, half surrogate pairs, endless nesting, or anything that is not JSON at all.
    """
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
        size = len(text.encode())
    except (TypeError, RecursionError) as error:
        raise ValueError("it is not plain JSON.") from error
    except UnicodeEncodeError as error:
        raise ValueError("it holds half a character.") from error
    except ValueError as error:
        raise ValueError("it holds a number that is not finite.") from error
    if "\\u0000" in text.replace("\\\\", ""):
        raise ValueError("it holds a NUL character.")
    if _is_deeper(value, MAX_NESTING):
        raise ValueError(f"it is nested more than {MAX_NESTING} levels deep.")
    return size


def _is_deeper(value: object, most: int) -> bool:
    level = [value]
    for _ in range(most):
        parts = (part.values() if isinstance(part, Mapping) else part for part in level)
        level = [
            inner
            for part in parts
            if not isinstance(part, str) and isinstance(part, Iterable)
            for inner in part
        ]
    return bool(level)


@lru_cache(maxsize=256)
def to_snake_case(key: str) -> str:
    """Return the stored spelling of a setting's name: `bypassVad` becomes `bypass_vad`."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda match: f"_{match[1].lower()}", key)


def to_camel_case(key: str) -> str:
    """Return the legacy spelling of a setting's name: `bypass_vad` becomes `bypassVad`."""
    return re.sub(r"(?<=[a-z0-9])_([a-z])", lambda match: match[1].upper(), key)


def read_user_settings_changes(changes: object) -> dict[str, Any]:
    """Return `changes` under their stored names; raise InvalidUserSettings if they are not an object."""
    if not isinstance(changes, Mapping) or not all(isinstance(key, str) and key for key in changes):
        raise InvalidUserSettings("Settings must be an object of names and values.")
    return {to_snake_case(key): value for key, value in changes.items()}


def apply_user_settings(stored: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings to store after `changes` (stored names); a None forgets the setting.

    Raises InvalidUserSettings when the result cannot be stored or is larger than 64 KiB.
    """
    merged = {key: value for key, value in {**stored, **changes}.items() if value is not None}
    try:
        size = json_size(merged)
    except ValueError as error:
        raise InvalidUserSettings(f"The settings cannot be stored: {error}") from error
    if size > MAX_USER_SETTINGS_BYTES:
        raise InvalidUserSettings("Settings are too large: keep them below 64 KiB in total.")
    return merged


def legacy_user_settings(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return the camelCase object of `settings_update` and `mentraosSettings` (glasses-socket §5.2).

    It always holds every default name with a value of the default's type, and `timezone` and `twelveHourTime`
    once the phone told them. Other stored settings stay with the phone: apps of strangers read this object.
    """
    merged = {
        key: _of_same_kind(stored.get(to_snake_case(key)), default)
        for key, default in DEFAULT_USER_SETTINGS.items()
    }
    timezone, has_twelve_hours = stored.get("timezone"), stored.get("twelve_hour_time")
    if is_timezone(timezone):
        merged["timezone"] = timezone
    if isinstance(has_twelve_hours, bool):
        merged["twelveHourTime"] = has_twelve_hours
    return merged


def is_timezone(value: object) -> bool:
    """Say whether `value` is an IANA name: apps reckon with it, and their SDKs take no other."""
    return isinstance(value, str) and value in _timezones()


def default_wearable(stored: Mapping[str, Any]) -> str:
    """Return the model of glasses the user usually wears, as their phone named it, or an empty text."""
    model = stored.get("default_wearable")
    return model if isinstance(model, str) and len(model) <= MAX_MODEL_CHARACTERS else ""


@cache
def _timezones() -> frozenset[str]:
    return frozenset(available_timezones())


def _of_same_kind(value: object, default: bool | int) -> Any:
    # Phones store what they like; a peer that reads a flag must never get a text.
    if isinstance(default, bool):
        texts = {"true": True, "false": False}
        return value if isinstance(value, bool) else texts.get(str(value).lower(), default)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value if is_number else default
