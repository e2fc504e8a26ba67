"""From a text frame to its handler, and from a failure to an answer that leaves the socket open (P-1)."""

import logging

from sessions_app.app_runs.seat import AppSeat
from sessions_app.handlers import from_apps, from_glasses  # noqa: F401 - importing registers the handlers
from sessions_app.handlers.answers import tell_phone_error
from sessions_app.handlers.registry import APP_HANDLERS, GLASSES_HANDLERS
from sessions_app.handlers.relaying import relay
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.lifecycle.telling import tell_app_error
from sessions_app.outbound import metrics
from sessions_app.protocol.codec import Malformed, UnknownType, decode_from_app, decode_from_glasses
from sessions_app.protocol.codes import ErrorCode
from sessions_app.protocol.streams import StreamName
from sessions_app.streams.rules import Event

_MEANINGFUL = frozenset(StreamName)

logger = logging.getLogger(__name__)


def dispatch_from_glasses(runtime: SessionRuntime, text: str) -> None:
    """Handle one text frame of the phone; whatever is wrong with it, the phone is told and stays connected."""
    try:
        message = decode_from_glasses(text)
    except Malformed as error:
        tell_phone_error(runtime, ErrorCode.MALFORMED_MESSAGE, str(error))
        return
    if isinstance(message, UnknownType):
        _relay_unknown(runtime, message)
        return
    try:
        GLASSES_HANDLERS[type(message)](runtime, message, text)
    except Exception:
        logger.exception("%s: a %s could not be handled", runtime.ref.user_id, type(message).__name__)
        problem = f"the {type(message).__name__} was not handled"
        tell_phone_error(runtime, ErrorCode.INTERNAL_ERROR, problem)


def _relay_unknown(runtime: SessionRuntime, message: UnknownType) -> None:
    """Pass an undeclared message on under its own name, unless it takes the name of a stream with a meaning."""
    if message.type in _MEANINGFUL:
        metrics.relayed_frames["refused name"] += 1
        return
    relay(runtime, Event(message.type), message.raw)


def dispatch_from_app(runtime: SessionRuntime, seat: AppSeat, text: str) -> None:
    """Handle one text frame of an app; whatever is wrong with it, the app is told and stays connected."""
    if seat.tap is not None:
        seat.tap.received(text)
    try:
        message = decode_from_app(text)
    except Malformed as problem:
        tell_app_error(runtime, seat, ErrorCode.MALFORMED_MESSAGE, str(problem))
        return
    if isinstance(message, UnknownType):
        logger.info("%s sent a message of unknown type %.60s", seat.package_name, message.type)
        return
    try:
        APP_HANDLERS[type(message)](runtime, seat, message)
    except Exception:
        logger.exception("%s: a %s could not be handled", seat.package_name, type(message).__name__)
        tell_app_error(runtime, seat, ErrorCode.INTERNAL_ERROR)


def take_sound_from_app(runtime: SessionRuntime, seat: AppSeat, data: bytes) -> None:
    """Take one binary frame of an app; sound for a stream that is not open is dropped and counted (app-socket §9)."""
    if seat.tap is not None:
        seat.tap.received_bytes(len(data))
    kind = "speaker" if runtime.speaker.feed(seat.package_name, data) else "speaker dropped"
    metrics.relayed_frames[kind] += 1
