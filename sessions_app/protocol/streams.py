"""The grammar of subscriptions (app-socket §5.2), parsed here and nowhere else.

Must not know who subscribes, which permission a stream needs or whom an event reaches.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import parse_qs

MAX_SUBSCRIPTION_LENGTH: Final = 512
ANY_LANGUAGE: Final = "auto"
DEFAULT_LANGUAGE: Final = "en-US"
ALL_SETTINGS: Final = "*"


class StreamName(StrEnum):
    """Streams with a meaning of their own (app-socket §5.3); any other name is a phone's own message."""

    BUTTON_PRESS = "button_press"
    HEAD_POSITION = "head_position"
    TOUCH_EVENT = "touch_event"
    SWIPE_VOLUME_STATUS = "swipe_volume_status"
    SWITCH_STATUS = "switch_status"
    GLASSES_BATTERY_UPDATE = "glasses_battery_update"
    PHONE_BATTERY_UPDATE = "phone_battery_update"
    GLASSES_CONNECTION_STATE = "glasses_connection_state"
    LOCATION_UPDATE = "location_update"
    LOCATION_STREAM = "location_stream"
    VPS_COORDINATES = "vps_coordinates"
    TRANSCRIPTION = "transcription"
    TRANSLATION = "translation"
    VAD = "VAD"
    AUDIO_CHUNK = "audio_chunk"
    PHONE_NOTIFICATION = "phone_notification"
    PHONE_NOTIFICATION_DISMISSED = "phone_notification_dismissed"
    CALENDAR_EVENT = "calendar_event"
    START_APP = "start_app"
    STOP_APP = "stop_app"
    OPEN_DASHBOARD = "open_dashboard"
    CORE_STATUS_UPDATE = "core_status_update"
    SETTINGS_UPDATE_REQUEST = "settings_update_request"
    VIDEO = "video"
    PHOTO_REQUEST = "photo_request"
    PHOTO_RESPONSE = "photo_response"
    PHOTO_TAKEN = "photo_taken"
    STREAM_STATUS = "stream_status"
    RTMP_STREAM_STATUS = "rtmp_stream_status"
    MANAGED_STREAM_STATUS = "managed_stream_status"
    CUSTOM_MESSAGE = "custom_message"
    AUGMENTOS_SETTINGS = "augmentos"
    ALL = "all"


class LocationTier(StrEnum):
    """How closely an app follows the position, weak to strong (streams-and-permissions §13)."""

    REDUCED = "reduced"
    THREE_KILOMETERS = "threeKilometers"
    KILOMETER = "kilometer"
    HUNDRED_METERS = "hundredMeters"
    TEN_METERS = "tenMeters"
    STANDARD = "standard"
    HIGH = "high"
    REALTIME = "realtime"


GESTURES: Final = frozenset(
    {
        "single_tap",
        "double_tap",
        "triple_tap",
        "long_press",
        "forward_swipe",
        "backward_swipe",
        "up_swipe",
        "down_swipe",
    }
)
_ALL_LANGUAGES: Final = "all"
_LOCATION_STREAMS: Final = frozenset({StreamName.LOCATION_UPDATE, StreamName.LOCATION_STREAM})
_PLAIN: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.\-]{0,127}")
_LOCALE: Final = re.compile(r"[a-z]{2,3}-[A-Z]{2}")
_SHORT: Final = re.compile(r"[a-z]{2,3}")
_SETTING_KEY: Final = re.compile(r"[A-Za-z0-9_.\-]{1,128}|\*")


class BadStream(ValueError):
    """A subscription entry outside the grammar; the text names the entry and may be shown to the app."""


@dataclass(frozen=True, slots=True)
class StreamKey:
    """One subscription, taken apart.

    `raw` is what `data_stream.streamType` must echo, letter by letter. `stream` is a StreamName value or the
    name of an undeclared phone message; `*` counts as `all`. Languages are as the app wrote them (`en-US` or
    `en`), "any" is `auto`. `rate` is set for location streams only, `setting_key` is `*` for all settings.
    """

    raw: str
    stream: str
    language: str | None = None
    source: str | None = None
    target: str | None = None
    hints: tuple[str, ...] = ()
    identify_language: bool = True
    gesture: str | None = None
    setting_key: str | None = None
    rate: LocationTier | None = None


def parse_stream(entry: object) -> StreamKey:
    """Return the key of one entry of a subscription list, a string or an object with `stream` and `rate`.

    Raises BadStream for everything else, whatever its type.
    """
    if isinstance(entry, str):
        return _parse_text(entry)
    if isinstance(entry, Mapping) and isinstance(entry.get("stream"), str):
        return _parse_rated(entry["stream"], entry.get("rate"))
    raise BadStream(f"A subscription must be a string or an object with a stream name, not {_shown(entry)}")


def _parse_rated(text: str, rate: object) -> StreamKey:
    key = _parse_text(text)
    if rate is None or key.stream not in _LOCATION_STREAMS:
        return key
    try:
        tier = LocationTier(rate)  # type: ignore[arg-type]
    except ValueError:
        raise BadStream(f"Unknown location rate {_shown(rate)}") from None
    return StreamKey(raw=text, stream=key.stream, rate=tier)


def _parse_text(text: str) -> StreamKey:
    if len(text) > MAX_SUBSCRIPTION_LENGTH:
        raise BadStream(f"The subscription {_shown(text)} is too long")
    name, colon, rest = text.partition(":")
    if not colon:
        return _parse_plain(text)
    if name == StreamName.TRANSCRIPTION:
        return _parse_transcription(text, rest)
    if name == StreamName.TRANSLATION:
        return _parse_translation(text, rest)
    if name == StreamName.TOUCH_EVENT and rest in GESTURES:
        return StreamKey(raw=text, stream=name, gesture=rest)
    if name == StreamName.AUGMENTOS_SETTINGS and _SETTING_KEY.fullmatch(rest):
        return StreamKey(raw=text, stream=name, setting_key=rest)
    raise _bad(text)


def _parse_plain(text: str) -> StreamKey:
    if text in ("*", StreamName.ALL):
        return StreamKey(raw=text, stream=StreamName.ALL.value)
    if text == StreamName.TRANSCRIPTION:
        return StreamKey(raw=text, stream=text, language=DEFAULT_LANGUAGE)
    if text in _LOCATION_STREAMS:
        return StreamKey(raw=text, stream=text, rate=LocationTier.STANDARD)
    if text == StreamName.AUGMENTOS_SETTINGS or not _PLAIN.fullmatch(text):
        raise _bad(text)
    return StreamKey(raw=text, stream=text)


def _parse_transcription(text: str, rest: str) -> StreamKey:
    language, _, query = rest.partition("?")
    if language != ANY_LANGUAGE and not _is_language(language):
        raise _bad(text)
    hints, identify_language = _parse_options(text, query)
    return StreamKey(
        raw=text,
        stream=StreamName.TRANSCRIPTION.value,
        language=language,
        hints=hints,
        identify_language=identify_language,
    )


def _parse_translation(text: str, rest: str) -> StreamKey:
    pair, _, query = rest.partition("?")
    source, target = _split_pair(pair)
    if source != ANY_LANGUAGE and not _is_language(source):
        raise _bad(text)
    if not _is_language(target):
        raise _bad(text)
    hints, identify_language = _parse_options(text, query)
    return StreamKey(
        raw=text,
        stream=StreamName.TRANSLATION.value,
        source=source,
        target=target,
        hints=hints,
        identify_language=identify_language,
    )


def _split_pair(pair: str) -> tuple[str, str]:
    source, separator, target = pair.partition("-to-")
    if separator:
        return (ANY_LANGUAGE if source == _ALL_LANGUAGES else source), target
    source, _, target = pair.partition("-")
    # A locale such as en-US here would be taken for the pair en and US.
    return (source, target) if _SHORT.fullmatch(target) else ("", "")


def _parse_options(text: str, query: str) -> tuple[tuple[str, ...], bool]:
    try:
        options = parse_qs(query)
    except ValueError:
        raise _bad(text) from None
    hints = tuple(
        hint.strip() for part in options.get("hints", []) for hint in part.split(",") if hint.strip()
    )
    return hints, options.get("no-language-identification", ["false"])[-1] != "true"


def _is_language(code: str) -> bool:
    return code != _ALL_LANGUAGES and bool(_LOCALE.fullmatch(code) or _SHORT.fullmatch(code))


def _bad(text: str) -> BadStream:
    return BadStream(f"Unknown subscription {_shown(text)}")


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else type(value).__name__
    return ascii(text[:80])
