"""Messages as JSON texts and back. Knows no socket and no session.

Unknown fields are ignored; unknown message types decode to None.
"""

import msgspec

from mentra_sdk import wire, wire_media
from mentra_sdk.errors import MalformedMessage

Incoming = (
    wire.ConnectionAck
    | wire.ReconnectAck
    | wire.ErrorMessage
    | wire.ReconnectRejected
    | wire.ReconnectDeferred
    | wire.AppStopped
    | wire.SettingsUpdate
    | wire.PlatformSettingsUpdate
    | wire.CapabilitiesUpdate
    | wire.DeviceStateUpdate
    | wire.DataStream
    | wire.PermissionIssue
    | wire.PermissionDenied
    | wire.Pong
    | wire_media.PhotoResponse
    | wire_media.AudioPlayResponse
    | wire_media.LedResponse
    | wire_media.AudioStreamReady
    | wire_media.CameraStreamStatus
    | wire_media.RtmpStreamStatus
    | wire_media.ManagedStreamStatus
    | wire_media.StreamStatusCheckResponse
)


class _Envelope(msgspec.Struct):
    type: str


_decoder: msgspec.json.Decoder[Incoming] = msgspec.json.Decoder(Incoming)
_envelope_decoder = msgspec.json.Decoder(_Envelope)
_KNOWN_TYPES = frozenset(str(kind.__struct_config__.tag) for kind in Incoming.__args__)


def decode(text: str | bytes) -> Incoming | None:
    """Return the message in `text`; None for a type this package does not know.

    Raises MalformedMessage when it is not JSON, has no type, or has fields of the wrong kind.
    """
    try:
        return _decoder.decode(text)
    except msgspec.MsgspecError as problem:
        try:
            known = _envelope_decoder.decode(text).type in _KNOWN_TYPES
        except msgspec.MsgspecError:
            known = True
        if known:
            raise MalformedMessage(str(problem)) from problem
        return None


def encode(message: wire.ToCloud | wire.Ping) -> str:
    """Return the JSON text of `message`."""
    return msgspec.json.encode(message).decode()
