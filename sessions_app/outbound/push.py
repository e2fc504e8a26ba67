"""Sending to app sockets: the one place that knows which family understands which message (app-socket §8.1)."""

from sessions_app.outbound.link import Link
from sessions_app.protocol.base import ToApp
from sessions_app.protocol.codec import encode
from sessions_app.protocol.families import Family, may_receive


def to_app(link: Link | None, family: Family, message: ToApp) -> bool:
    """Send a message to an app that is connected and understands it; say whether it was sent.

    Family A turns unknown types into errors of its user, so they are held back here (P-8).
    """
    if link is None or not link.is_open or not may_receive(family, type(message)):
        return False
    link.send_text(encode(message))
    return True
