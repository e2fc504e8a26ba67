"""Which of an app's subscriptions an event answers, and under which names it is delivered (app-socket §6.1).

Pure. Must not know packages, sockets or payloads.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from sessions_app.protocol.families import Family
from sessions_app.protocol.streams import ALL_SETTINGS, ANY_LANGUAGE, StreamKey, StreamName
from sessions_app.streams.languages import is_same_language, recognizer_locale
from sessions_app.streams.permissions import stream_permission

LOCATION_STREAMS: Final = frozenset({StreamName.LOCATION_UPDATE.value, StreamName.LOCATION_STREAM.value})


class Event(NamedTuple):
    """What decides who hears an event, without its payload; equal events reach the same subscribers.

    `language` is the spoken one, for translations together with `target`. `asked` is the language setting of
    the recogniser it comes from; None when whoever wants that language shall hear it, as for words the phone
    recognised by itself.
    """

    stream: str
    language: str | None = None
    target: str | None = None
    asked: str | None = None
    gesture: str | None = None
    setting_key: str | None = None


def stream_types_for(
    event: Event, keys: Sequence[StreamKey], family: Family, granted: frozenset[str]
) -> tuple[str, ...]:
    """Return every `streamType` under which the app gets the event; empty when it does not get it.

    A and B look handlers up by exact key, so they get one delivery per matching key. C also runs handlers
    registered for a prefix, so it gets one delivery, of the most specific key.
    """
    permission = stream_permission(event.stream)
    if permission is not None and permission not in granted:
        return ()
    matching = [key for key in keys if _matches(key, event)]
    if event.stream in LOCATION_STREAMS:
        matching = _one_location(matching)
    if family is not Family.C:
        return tuple(dict.fromkeys(key.raw for key in matching))
    if not matching or _is_left_to_another_recognizer(event, keys):
        return ()
    return (max(matching, key=lambda key: _specificity(key, event)).raw,)


def _matches(key: StreamKey, event: Event) -> bool:
    if key.stream == event.stream:
        return _fits(key, event)
    if key.stream == StreamName.ALL:
        return event.stream != StreamName.AUGMENTOS_SETTINGS
    return key.stream in LOCATION_STREAMS and event.stream in LOCATION_STREAMS


def _fits(key: StreamKey, event: Event) -> bool:
    match event.stream:
        case StreamName.TRANSCRIPTION:
            return _hears(key.language, event)
        case StreamName.TRANSLATION:
            return _translates(key.target, event) and _hears(key.source, event)
        case StreamName.TOUCH_EVENT:
            return key.gesture in (None, event.gesture)
        case StreamName.AUGMENTOS_SETTINGS:
            return key.setting_key in (ALL_SETTINGS, event.setting_key)
    return True


def _hears(wanted: str | None, event: Event) -> bool:
    if wanted is None:
        return False
    if event.asked is not None:
        return recognizer_locale(wanted) == recognizer_locale(event.asked)
    return wanted == ANY_LANGUAGE or (event.language is not None and is_same_language(wanted, event.language))


def _translates(wanted: str | None, event: Event) -> bool:
    if wanted is None or event.target is None:
        return False
    if event.asked is not None:
        return recognizer_locale(wanted) == recognizer_locale(event.target)
    return is_same_language(wanted, event.target)


def _one_location(matching: list[StreamKey]) -> list[StreamKey]:
    updates = [key for key in matching if key.stream == StreamName.LOCATION_UPDATE]
    if not updates:
        return matching
    return [key for key in matching if key.stream != StreamName.LOCATION_STREAM]


def _is_left_to_another_recognizer(event: Event, keys: Sequence[StreamKey]) -> bool:
    """Whether words of the any-language recogniser come a second time from the one of their language."""
    if event.asked != ANY_LANGUAGE:
        return False
    heard = event._replace(asked=None)
    return any(
        _matches(key, heard) and (key.language or key.source) not in (None, ANY_LANGUAGE) for key in keys
    )


def _specificity(key: StreamKey, event: Event) -> int:
    if key.stream == StreamName.ALL:
        return 0
    wanted = key.language or key.source
    if key.gesture is None and wanted in (None, ANY_LANGUAGE):
        return 1
    return 3 if wanted is not None and wanted == event.language else 2
