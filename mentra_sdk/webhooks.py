"""The calls of the cloud to the app's HTTP server (lifecycle §4) and the proof that they are its own."""

import hashlib
import hmac

import msgspec

from mentra_sdk.errors import InvalidSignature, MalformedMessage

TIMESTAMP_HEADER = b"x-mentra-timestamp"
SIGNATURE_HEADER = b"x-mentra-signature"
PREVIOUS_SIGNATURE_HEADER = b"x-mentra-signature-previous"
ALGORITHM = "sha256"
MAX_AGE_SECONDS = 300


class SessionRequest(msgspec.Struct, rename="camel", tag_field="type", tag="session_request"):
    """A user started the app: connect to the cloud."""

    session_id: str
    user_id: str
    websocket_url: str | None = None
    mentra_os_websocket_url: str | None = msgspec.field(name="mentraOSWebsocketUrl", default=None)
    augment_os_websocket_url: str | None = msgspec.field(name="augmentOSWebsocketUrl", default=None)

    @property
    def url(self) -> str | None:
        """The address to connect to, by whichever of its names it came."""
        return self.websocket_url or self.mentra_os_websocket_url or self.augment_os_websocket_url


class StopRequest(msgspec.Struct, rename="camel", tag_field="type", tag="stop_request"):
    """A user's session of the app is over."""

    session_id: str
    user_id: str = ""
    reason: str = "system_stop"


class SettingsPost(msgspec.Struct, rename="camel"):
    """A user changed settings of the app."""

    user_id_for_settings: str
    settings: list[dict[str, object]]


Webhook = SessionRequest | StopRequest

_webhook_decoder: msgspec.json.Decoder[Webhook] = msgspec.json.Decoder(Webhook)


def decode_webhook(body: bytes) -> Webhook:
    """Return the webhook in `body`; raises MalformedMessage."""
    try:
        return _webhook_decoder.decode(body)
    except msgspec.MsgspecError as problem:
        raise MalformedMessage(str(problem)) from problem


def decode_settings(body: bytes) -> SettingsPost:
    """Return the settings in `body`; raises MalformedMessage."""
    try:
        return msgspec.json.decode(body, type=SettingsPost)
    except msgspec.MsgspecError as problem:
        raise MalformedMessage(str(problem)) from problem


def sign(secret: str, timestamp_ms: int, body: bytes) -> str:
    """Return the signature header of `body`: HMAC-SHA256 over the time, a dot and the body."""
    message = f"{timestamp_ms}.".encode() + body
    return f"{ALGORITHM}={hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()}"


def verify(secret: str, headers: dict[bytes, bytes], body: bytes, now_ms: int) -> None:
    """Check that `body` was signed with `secret` in the last five minutes; raises InvalidSignature.

    After the secret was rolled, the cloud signs with the old one as well for as long as the developer chose.
    """
    try:
        timestamp_ms = int(headers[TIMESTAMP_HEADER])
        given = headers[SIGNATURE_HEADER]
    except (KeyError, ValueError) as problem:
        raise InvalidSignature("The webhook is not signed") from problem
    expected = sign(secret, timestamp_ms, body).encode()
    also_given = headers.get(PREVIOUS_SIGNATURE_HEADER, b"")
    if not (hmac.compare_digest(expected, given) or hmac.compare_digest(expected, also_given)):
        raise InvalidSignature("The signature of the webhook is wrong")
    if abs(now_ms - timestamp_ms) > MAX_AGE_SECONDS * 1000:
        raise InvalidSignature("The webhook is too old")
