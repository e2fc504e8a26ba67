"""The socket of a phone (glasses-socket §1–§3): accept, authenticate, then move frames."""

import asyncio
import logging
from typing import Any

from django.conf import settings

from accounts.errors import InvalidCoreToken, InvalidEmail
from sessions_app.clock import SystemClock
from sessions_app.database import DATABASE_AWAY, in_database
from sessions_app.handlers.dispatch import dispatch_from_glasses
from sessions_app.handlers.internal import carry_out
from sessions_app.lifecycle.draining import hand_over
from sessions_app.lifecycle.opening import open_for_phone, phone_gone
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.outbound import metrics
from sessions_app.protocol.cloud_to_glasses import ConnectionError, WebsocketError
from sessions_app.protocol.codec import encode, iso
from sessions_app.protocol.codes import ERROR_FACTS, CloseCode, CloseReason, ErrorCode
from sessions_app.transport.auth import admit_phone, core_token_of, seals_udp
from sessions_app.transport.endings import note_ending
from sessions_app.transport.limits import known_peers
from sessions_app.transport.links import LocalLink
from sessions_app.transport.receiving import Gone, Receive, receive_frame
from sessions_app.transport.state import node_state

logger = logging.getLogger(__name__)
_clock = SystemClock()

# A phone that waits longer than this for its welcome had better dial again (pitfalls: never a silent hang).
OPENING_SECONDS = 10.0


async def glasses_socket(scope: dict[str, Any], receive: Receive, send: Any) -> None:
    """Serve one phone until either side closes."""
    await receive()
    await send({"type": "websocket.accept"})
    link = LocalLink(send)
    metrics.open_sockets["glasses"] += 1
    cause = "internal error"
    runtime: SessionRuntime | None = None
    try:
        runtime = await _open(scope, link) if _may_come(scope, link) else None
        if runtime is not None and node_state.draining:  # the drain may not have met this session
            await hand_over([runtime])
        cause = await _serve(runtime, link, receive) if runtime is not None else "refused"
    except Exception:
        logger.exception("A phone's socket ended by a failure")
        link.close(CloseCode.INTERNAL_ERROR, CloseReason.INTERNAL_ERROR)
    finally:
        metrics.open_sockets["glasses"] -= 1
        whose = "nobody known" if runtime is None else runtime.ref.session_id
        note_ending("glasses", whose, link, cause, _clock.monotonic())
        link.abandon()
        if runtime is not None:
            phone_gone(runtime, link.connection, cause)


def _may_come(scope: dict[str, Any], link: LocalLink) -> bool:
    """Say whether this token may open one more socket now; a phone in a loop would keep the database busy."""
    try:
        token = core_token_of(scope)
    except InvalidCoreToken:
        return True
    if known_peers.may_introduce_itself(hash(token), _clock.monotonic()):
        return True
    message = ERROR_FACTS[ErrorCode.RATE_LIMITED].message
    link.send_text(
        encode(ConnectionError(message=message, timestamp=iso(_clock.now()), code=ErrorCode.RATE_LIMITED))
    )
    link.close(CloseCode.TRY_AGAIN_LATER, CloseReason.TOO_OFTEN)
    return False


async def _open(scope: dict[str, Any], link: LocalLink) -> SessionRuntime | None:
    if node_state.draining:
        link.close(CloseCode.GOING_AWAY, CloseReason.SERVER_SHUTTING_DOWN)
        return None
    try:
        async with asyncio.timeout(OPENING_SECONDS):
            user = await in_database(admit_phone, core_token_of(scope))
            return await open_for_phone(user, link, carry_out, seals_udp=seals_udp(scope))
    except (InvalidCoreToken, InvalidEmail) as refusal:
        _refuse(link, str(refusal), ErrorCode.AUTHENTICATION_FAILED)
        link.close(CloseCode.POLICY_VIOLATION, CloseReason.AUTHENTICATION_FAILED)
    except (TimeoutError, *DATABASE_AWAY):
        _refuse(link, ERROR_FACTS[ErrorCode.SESSION_ERROR].message, ErrorCode.SESSION_ERROR)
        link.close(CloseCode.TRY_AGAIN_LATER, CloseReason.TRY_AGAIN)
    return None


def _refuse(link: LocalLink, message: str, code: ErrorCode) -> None:
    """Say why before closing: a refused upgrade could not carry the reason under every server."""
    link.send_text(encode(ConnectionError(message=message, timestamp=iso(_clock.now()), code=code)))


async def _serve(runtime: SessionRuntime, link: LocalLink, receive: Receive) -> str:
    """Move frames until the socket ends; return why it ended."""
    limits = known_peers.limits_of(runtime.ref.session_id, _clock.monotonic())
    phone, most_bytes = runtime.phone, settings.WEBSOCKET_MAX_BYTES
    while True:
        frame = await receive_frame(receive)
        if isinstance(frame, Gone):
            return frame.cause
        if phone.link is not link:
            continue
        now = phone.heard_at = link.heard_at = _clock.monotonic()
        if isinstance(frame, str) and len(frame) > most_bytes:
            link.close(CloseCode.MESSAGE_TOO_BIG, CloseReason.MESSAGE_TOO_BIG)
        elif not limits.take(frame, now):
            metrics.refused_frames["glasses"] += 1
            if limits.may_complain(now):
                _complain(runtime)
        elif isinstance(frame, bytes):
            runtime.audio.take(frame)
        else:
            dispatch_from_glasses(runtime, frame)


def _complain(runtime: SessionRuntime) -> None:
    runtime.phone.send(
        WebsocketError(
            error=f"{ErrorCode.RATE_LIMITED}: {ERROR_FACTS[ErrorCode.RATE_LIMITED].message}",
            timestamp=iso(_clock.now()),
        )
    )
