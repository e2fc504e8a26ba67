"""The socket of an app (app-socket §2–§4, §10): recognise, authenticate, attach, then move frames."""

import logging
from typing import Any

from django.conf import settings

from sessions_app.clock import SystemClock
from sessions_app.outbound import metrics
from sessions_app.outbound.push import to_app
from sessions_app.protocol.cloud_to_app import TpaConnectionError
from sessions_app.protocol.codec import iso
from sessions_app.protocol.codes import ERROR_FACTS, CloseCode, CloseReason, ErrorCode
from sessions_app.transport.app_handshake import AppHandshake, Seated
from sessions_app.transport.app_sockets import expect_socket, forget_socket
from sessions_app.transport.endings import note_ending
from sessions_app.transport.limits import known_peers
from sessions_app.transport.links import LocalLink
from sessions_app.transport.receiving import Gone, Receive, receive_frame

logger = logging.getLogger(__name__)
_clock = SystemClock()


async def app_socket(scope: dict[str, Any], receive: Receive, send: Any) -> None:
    """Serve one app until either side closes."""
    await receive()
    await send({"type": "websocket.accept"})
    link = LocalLink(send)
    metrics.open_sockets["app"] += 1
    cause = "internal error"
    seated: Seated | None = None
    expect_socket(link)
    try:
        outcome = await AppHandshake(scope, link, receive).run()
        if isinstance(outcome, Seated):
            seated = outcome
            cause = await _serve(seated, link, receive)
        else:
            cause = outcome.cause
    except Exception:
        logger.exception("An app's socket ended by a failure")
        link.close(CloseCode.INTERNAL_ERROR, CloseReason.INTERNAL_ERROR)
    finally:
        metrics.open_sockets["app"] -= 1
        note_ending("app", _name_of(seated), link, cause, _clock.monotonic())
        link.abandon()
        forget_socket(link)
        if seated is not None:
            await seated.socket.seat.leave(cause)


async def _serve(seated: Seated, link: LocalLink, receive: Receive) -> str:
    """Move frames until the socket ends; return why it ended."""
    app = (seated.socket.session_id, seated.socket.hello.facts.package_name)
    limits, most_bytes = known_peers.limits_of(app, _clock.monotonic()), settings.WEBSOCKET_MAX_BYTES
    for text in seated.early:
        seated.socket.seat.take_text(text)
    seated.early.clear()
    while True:
        frame = await receive_frame(receive)
        if isinstance(frame, Gone):
            return frame.cause
        now = link.heard_at = _clock.monotonic()
        if isinstance(frame, str) and len(frame) > most_bytes:
            link.close(CloseCode.MESSAGE_TOO_BIG, CloseReason.MESSAGE_TOO_BIG)
        elif not limits.take(frame, now):
            metrics.refused_frames["app"] += 1
            if limits.may_complain(now):
                _complain(seated, link)
        elif isinstance(frame, bytes):
            seated.socket.seat.take_bytes(frame)
        else:
            seated.socket.seat.take_text(frame)


def _complain(seated: Seated, link: LocalLink) -> None:
    to_app(
        link,
        seated.family,
        TpaConnectionError(
            code=ErrorCode.RATE_LIMITED,
            message=ERROR_FACTS[ErrorCode.RATE_LIMITED].message,
            timestamp=iso(_clock.now()),
        ),
    )


def _name_of(seated: Seated | None) -> str:
    if seated is None:
        return "nobody known"
    return f"{seated.socket.hello.facts.package_name} in {seated.socket.session_id}"
