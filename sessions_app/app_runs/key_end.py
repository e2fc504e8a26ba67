"""An app's socket goes because the API key it came with lets nobody in any more (app-socket §10)."""

from sessions_app.clock import Clock
from sessions_app.outbound.link import Link
from sessions_app.outbound.push import to_app
from sessions_app.protocol.cloud_to_app import TpaConnectionError
from sessions_app.protocol.codec import iso
from sessions_app.protocol.codes import CloseCode, CloseReason, ErrorCode
from sessions_app.protocol.families import Family

MESSAGE = "The API key of this connection was revoked or has expired; use another one"


def close_for_key(link: Link, family: Family, clock: Clock) -> None:
    """Say why and close 1000: towards a running app 1008 would be taken for a socket that is still there."""
    error = TpaConnectionError(code=ErrorCode.INVALID_API_KEY, message=MESSAGE, timestamp=iso(clock.now()))
    to_app(link, family, error)
    link.close(CloseCode.NORMAL, CloseReason.KEY_ENDED)
