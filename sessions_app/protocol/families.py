"""The three families of app SDKs and which messages each understands (app-socket §1, §8.1).

Must not know how a family is recognised.
"""

from enum import StrEnum
from typing import Final

from sessions_app.protocol.base import ToApp
from sessions_app.protocol.cloud_to_app import (
    AudioStreamReady,
    PermissionDenied,
    Pong,
    ReconnectAck,
    ReconnectDeferred,
    ReconnectRejected,
    RequestTelemetry,
    RtmpStreamStatus,
    StreamStatus,
)


class Family(StrEnum):
    """A: SDK 2. B: the older classes of SDK 3. C: the newer classes of SDK 3."""

    A = "A"
    B = "B"
    C = "C"


_RECONNECT_ANSWERS: Final[frozenset[type[ToApp]]] = frozenset(
    {ReconnectAck, ReconnectRejected, ReconnectDeferred}
)

_WITHHELD: Final[dict[Family, frozenset[type[ToApp]]]] = {
    Family.A: _RECONNECT_ANSWERS.union(
        (StreamStatus, AudioStreamReady, PermissionDenied, RequestTelemetry, Pong)
    ),
    Family.B: _RECONNECT_ANSWERS.union((RtmpStreamStatus, PermissionDenied)),
    Family.C: frozenset({RtmpStreamStatus}),
}


def may_receive(family: Family, message_class: type[ToApp]) -> bool:
    """Return whether an app of the family can take the message without raising an error event of its own.

    True also where the SDK merely ignores the message.
    """
    return message_class not in _WITHHELD[family]
