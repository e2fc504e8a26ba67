"""Which subscriptions are accepted and what they ask of the microphone; the door to the room.

Must not know sockets, sessions or how an event is delivered.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sessions_app.protocol.families import Family
from sessions_app.protocol.microphone import MICROPHONE_OFF, PCM, MicrophoneNeed
from sessions_app.protocol.permissions import PermissionType
from sessions_app.protocol.streams import BadStream, StreamKey, StreamName, parse_stream
from sessions_app.streams.index import Deliveries, Subscriber, SubscriptionIndex
from sessions_app.streams.matching import Event, stream_types_for
from sessions_app.streams.permissions import required_permission, stream_permission

__all__ = [
    "CONNECTION_STATE",
    "Deliveries",
    "Denied",
    "Event",
    "Judgement",
    "SPEECH_STREAMS",
    "MicrophoneNeed",
    "Subscriber",
    "SubscriptionIndex",
    "heard_keys",
    "is_a_state",
    "judge_subscriptions",
    "keeps_connection_state",
    "microphone_need",
    "needs_audio",
    "required_permission",
    "stream_permission",
    "stream_types_for",
]

MAX_ENTRIES: Final = 200
CONNECTION_STATE: Final = parse_stream(StreamName.GLASSES_CONNECTION_STATE.value)
SPEECH_STREAMS: Final = frozenset({StreamName.TRANSCRIPTION.value, StreamName.TRANSLATION.value})
MICROPHONE_STREAMS: Final = SPEECH_STREAMS | {StreamName.AUDIO_CHUNK.value, StreamName.VAD.value}
STATES: Final = frozenset(
    {
        StreamName.HEAD_POSITION.value,
        StreamName.GLASSES_BATTERY_UPDATE.value,
        StreamName.PHONE_BATTERY_UPDATE.value,
        StreamName.GLASSES_CONNECTION_STATE.value,
        StreamName.LOCATION_UPDATE.value,
        StreamName.LOCATION_STREAM.value,
        StreamName.VPS_COORDINATES.value,
        StreamName.VAD.value,
        StreamName.CORE_STATUS_UPDATE.value,
    }
)


@dataclass(frozen=True, slots=True)
class Denied:
    """A subscription the app lacks the permission for; `stream` is the entry as the app wrote it."""

    stream: str
    permission: PermissionType
    message: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """What became of a subscription list; malformed entries come as (entry, reason)."""

    accepted: tuple[StreamKey, ...] = ()
    denied: tuple[Denied, ...] = ()
    malformed: tuple[tuple[str, str], ...] = ()


def judge_subscriptions(entries: Sequence[Any], granted: frozenset[str]) -> Judgement:
    """Accept or refuse each entry of an app's list on its own (app-socket §5.1).

    `granted` is everything the declared permissions unlock. Order is kept, repeated entries are dropped.
    """
    accepted: dict[StreamKey, None] = {}
    denied: dict[str, Denied] = {}
    malformed: dict[str, str] = {}
    for entry in entries[:MAX_ENTRIES]:
        try:
            key = parse_stream(entry)
        except BadStream as error:
            malformed[_shown(entry)] = str(error)
            continue
        permission = required_permission(key)
        if permission is None or permission in granted:
            accepted[key] = None
        else:
            denied[key.raw] = Denied(key.raw, permission, f"The app has not declared {permission}")
    for entry in entries[MAX_ENTRIES : MAX_ENTRIES + 1]:
        malformed[_shown(entry)] = f"A list may hold {MAX_ENTRIES} subscriptions; the rest was ignored"
    return Judgement(tuple(accepted), tuple(denied.values()), tuple(malformed.items()))


def is_a_state(event: Event) -> bool:
    """Whether an event says how something is, so that the newest makes the older ones worthless."""
    return event.stream in STATES


def keeps_connection_state(family: Family) -> bool:
    """Whether the SDK of a family learns the glasses' Wi-Fi from the stream of their connection (app-socket §6.2)."""
    return family is not Family.C


def heard_keys(keys: tuple[StreamKey, ...], family: Family) -> tuple[StreamKey, ...]:
    """Return what an app is sent: what it subscribed to, and what its SDK must know without asking."""
    if CONNECTION_STATE in keys or not keeps_connection_state(family):
        return keys
    return (*keys, CONNECTION_STATE)


def needs_audio(keys: Iterable[StreamKey]) -> bool:
    """Whether any of the accepted subscriptions needs the microphone (streams-and-permissions §11)."""
    return any(key.stream in MICROPHONE_STREAMS for key in keys)


def microphone_need(keys: Iterable[StreamKey], *, bypass_vad: bool) -> MicrophoneNeed:
    """Return what accepted subscriptions need of the microphone; `bypass_vad` is the user's own setting."""
    streams = {key.stream for key in keys}
    if streams.isdisjoint(MICROPHONE_STREAMS):
        return MICROPHONE_OFF
    return MicrophoneNeed(True, PCM, bypass_vad or StreamName.AUDIO_CHUNK in streams)


def _shown(entry: object) -> str:
    return (entry if isinstance(entry, str) else repr(entry))[:100]
