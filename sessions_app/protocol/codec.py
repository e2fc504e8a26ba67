"""Text frames to messages and back, for both sockets.

Whatever a peer sends, decoding returns a message, returns UnknownType or raises Malformed. Must not know what
a message means; binary frames never come here.
"""

import functools
import operator
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

import msgspec

from sessions_app.protocol.app_to_cloud import APP_MESSAGES
from sessions_app.protocol.base import AppMessage, GlassesMessage, ToApp, ToGlasses, message_type
from sessions_app.protocol.cloud_to_app import TO_APP_MESSAGES, DataStream
from sessions_app.protocol.cloud_to_glasses import TO_GLASSES_MESSAGES
from sessions_app.protocol.glasses_to_cloud import GLASSES_MESSAGES

MessageT = TypeVar("MessageT", bound=msgspec.Struct)


class Malformed(Exception):
    """A frame that is no message; the text says what is wrong with it and may be shown to the peer."""


class UnknownType(msgspec.Struct, frozen=True, gc=False):
    """A well-formed message of a type nobody declared, with the frame it came in."""

    type: str
    raw: str


class _Envelope(msgspec.Struct, gc=False):
    type: str


_ENVELOPES = msgspec.json.Decoder(_Envelope)


class MessageDecoder(Generic[MessageT]):
    """Decodes the frames of one direction."""

    def __init__(self, classes: tuple[type[MessageT], ...]) -> None:
        union: Any = functools.reduce(operator.or_, classes)
        self._decode = msgspec.json.Decoder(union).decode
        self._types = frozenset(message_type(each) for each in classes)

    def __call__(self, text: str | bytes) -> MessageT | UnknownType:
        """Return the message in a text frame; raises Malformed."""
        try:
            message: MessageT = self._decode(text)
            return message
        except msgspec.ValidationError as error:
            return self._explain(text, error)
        except (ValueError, RecursionError) as error:
            raise Malformed(_describe(error)) from error

    def _explain(self, text: str | bytes, error: msgspec.ValidationError) -> UnknownType:
        try:
            found = _ENVELOPES.decode(text).type
            raw = text if isinstance(text, str) else text.decode()
        except (ValueError, RecursionError) as problem:
            raise Malformed(
                f"A message is a JSON object with a text `type`. {_describe(problem)}"
            ) from problem
        if found in self._types:
            raise Malformed(f"{found}: {error}") from error
        return UnknownType(found, raw)


def _describe(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "The message is nested too deeply"
    if isinstance(error, UnicodeError):
        return "The message is not valid Unicode text"
    return str(error)


_from_glasses: MessageDecoder[GlassesMessage] = MessageDecoder(GLASSES_MESSAGES)
_from_app: MessageDecoder[AppMessage] = MessageDecoder(APP_MESSAGES)


def decode_from_glasses(text: str | bytes) -> GlassesMessage | UnknownType:
    """Return the message of a phone's text frame (glasses-socket §4); raises Malformed."""
    return _from_glasses(text)


def decode_from_app(text: str | bytes) -> AppMessage | UnknownType:
    """Return the message of an app's text frame (app-socket §7); raises Malformed."""
    return _from_app(text)


_to_glasses: MessageDecoder[ToGlasses] = MessageDecoder(TO_GLASSES_MESSAGES)
_to_app: MessageDecoder[ToApp] = MessageDecoder(TO_APP_MESSAGES)


def decode_to_glasses(text: str | bytes) -> ToGlasses | UnknownType:
    """Return the message of a server's text frame as a phone reads it, strictly; raises Malformed."""
    return _to_glasses(text)


def decode_to_app(text: str | bytes) -> ToApp | UnknownType:
    """Return the message of a server's text frame as an app reads it, strictly; raises Malformed."""
    return _to_app(text)


_encoder = msgspec.json.Encoder()


def encode(message: msgspec.Struct) -> str:
    """Return the text frame of a message of any direction; fields that are None by default are left out."""
    return _encoder.encode(message).decode()


def data_stream(session_id: str, stream_type: str, raw_payload: str | bytes, timestamp: str) -> str:
    """Return the text frame of an event for an app (app-socket §6).

    `raw_payload` is valid JSON and goes out as it is; `timestamp` is ISO-8601.
    """
    return _encoder.encode(
        DataStream(
            stream_type=stream_type, data=msgspec.Raw(raw_payload), session_id=session_id, timestamp=timestamp
        )
    ).decode()


def iso(moment: datetime) -> str:
    """Return an aware datetime as the wire writes it: UTC, milliseconds, `Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"
