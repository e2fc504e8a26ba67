"""Bodies of the calls to an app's own server (lifecycle §4) and the signature that proves they are ours.

Must not know how or when a call is made.
"""

import hashlib
import hmac
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from sessions_app.protocol.base import Fragment

TIMESTAMP_HEADER: Final = "X-Mentra-Timestamp"
SIGNATURE_HEADER: Final = "X-Mentra-Signature"
PREVIOUS_SIGNATURE_HEADER: Final = "X-Mentra-Signature-Previous"
DEFAULT_TOLERANCE_SECONDS: Final = 300
_SCHEME: Final = "sha256="
_MAX_TIMESTAMP_DIGITS: Final = 16


class WebhookCall(Fragment, tag_field="type", frozen=True):
    """A call to `<publicUrl>/webhook`; timestamps are ISO-8601."""


class SessionRequest(WebhookCall, tag="session_request", frozen=True):
    """Asks the app's server to open a socket for a user; each SDK generation reads its own URL."""

    session_id: str
    user_id: str
    timestamp: str
    websocket_url: str
    mentra_os_websocket_url: str = msgspec.field(name="mentraOSWebsocketUrl")
    augment_os_websocket_url: str = msgspec.field(name="augmentOSWebsocketUrl")

    @classmethod
    def to(cls, websocket_url: str, *, session_id: str, user_id: str, timestamp: str) -> "SessionRequest":
        """Return the request with the same URL for all generations; ValueError unless it ends in `/app-ws`.

        The SDKs find the REST interface by removing exactly that ending.
        """
        if not websocket_url.endswith("/app-ws"):
            raise ValueError("The WebSocket URL of a start webhook must end in /app-ws")
        return cls(session_id, user_id, timestamp, websocket_url, websocket_url, websocket_url)


class StopRequest(WebhookCall, tag="stop_request", frozen=True):
    """Tells the app's server that a user's session ended."""

    session_id: str
    user_id: str
    reason: str
    timestamp: str


class SettingsPush(Fragment, frozen=True):
    """Body of `<publicUrl>/settings`: the user's values as `{key, value}` objects (lifecycle §4.4)."""

    user_id_for_settings: str
    settings: list[dict[str, Any]]


class ToolCall(Fragment, frozen=True):
    """Body of `<publicUrl>/tool`: one call of a tool the app declared (lifecycle §4.4)."""

    tool_id: str
    tool_parameters: dict[str, Any]
    user_id: str
    timestamp: str


def sign(secret: str, timestamp: int, body: str | bytes) -> str:
    """Return the HMAC-SHA256 of `<timestamp>.<body>` as hexadecimal text; timestamp in epoch milliseconds."""
    content = body.encode() if isinstance(body, str) else body
    return hmac.new(secret.encode(), f"{timestamp}.".encode() + content, hashlib.sha256).hexdigest()


def signature_headers(secrets: Sequence[str], timestamp: int, body: str | bytes) -> dict[str, str]:
    """Return the headers that accompany a body; timestamp in epoch milliseconds.

    `secrets` is newest first. While a second one is still good, a third header lets servers that know only that one
    go on; to all others it is a header they do not know.
    """
    signatures = (f"{_SCHEME}{sign(secret, timestamp, body)}" for secret in secrets)
    names = (SIGNATURE_HEADER, PREVIOUS_SIGNATURE_HEADER)
    return {TIMESTAMP_HEADER: str(timestamp), **dict(zip(names, signatures, strict=False))}


def verify(
    secret: str,
    body: str | bytes,
    *,
    timestamp: str | None,
    signature: str | None,
    now: int,
    tolerance_seconds: float = DEFAULT_TOLERANCE_SECONDS,
) -> bool:
    """Return whether the header values belong to the body and are recent; `now` in epoch milliseconds."""
    if not timestamp or not signature or not signature.startswith(_SCHEME):
        return False
    if len(timestamp) > _MAX_TIMESTAMP_DIGITS or not (timestamp.isascii() and timestamp.isdigit()):
        return False
    if abs(now - int(timestamp)) > tolerance_seconds * 1000:
        return False
    expected = f"{_SCHEME}{sign(secret, int(timestamp), body)}"
    return hmac.compare_digest(expected.encode(), signature.encode(errors="replace"))
