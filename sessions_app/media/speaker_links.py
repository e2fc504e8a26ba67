"""The address at which a phone gets the sound of a stream: opaque, and good for as long as the stream is (P-51).

It leads to the session, so that any node finds the owner; the rest is secret.
"""

import base64
import binascii
import secrets
import uuid
from typing import Final

from django.conf import settings

PATH: Final = "/api/audio/stream/"
_SECRET_BYTES: Final = 24
_ID_BYTES: Final = 16


def new_token(session_id: str) -> str:
    """Return the secret part of the address of a stream in this session."""
    named = uuid.UUID(session_id).bytes + secrets.token_bytes(_SECRET_BYTES)
    return base64.urlsafe_b64encode(named).rstrip(b"=").decode()


def stream_url(token: str) -> str:
    """Return the absolute address of a stream."""
    return f"{settings.PUBLIC_URL}{PATH}{token}"


def session_of(token: str) -> str:
    """Return the session a token leads to; empty if it is none of ours."""
    try:
        named = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return ""
    return str(uuid.UUID(bytes=named[:_ID_BYTES])) if len(named) == _ID_BYTES + _SECRET_BYTES else ""
