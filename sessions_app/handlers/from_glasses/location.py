"""Where the user is: polls and subscribers (streams-and-permissions §13)."""

import json

import msgspec

from sessions_app.handlers.answers import now_iso
from sessions_app.handlers.relaying import relay
from sessions_app.lifecycle.reconciling import remember
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.protocol.codec import data_stream
from sessions_app.protocol.glasses_to_cloud import LocationUpdate
from sessions_app.streams.rules import Event

STREAM = "location_update"
POLL = "location"
_encode = msgspec.json.Encoder().encode


def on_located(runtime: SessionRuntime, message: LocationUpdate, raw: str) -> bool:
    """Take a position; say whether it answered a poll. That answer carries its id, what other apps get does not."""
    plain, is_answer = raw, False
    if message.correlation_id:
        plain = _encode(msgspec.structs.replace(message, correlation_id=None)).decode()
        is_answer = runtime.requests.answered(message.correlation_id, raw, kind=POLL)
    kept = runtime.data.keepable(plain)
    runtime.data.last_location = _dated(message, kept, now_iso(runtime)) if kept else ""
    runtime.data.located_at = runtime.upkeep.clock.now().timestamp()
    remember(runtime)
    relay(runtime, Event(STREAM), plain)
    return is_answer


def location_answer(runtime: SessionRuntime, session_id: str, raw: str) -> str:
    """Return the frame that answers an app's poll; it reaches the app subscribed or not (app-socket §6.1)."""
    return data_stream(session_id, STREAM, raw, now_iso(runtime))


def _dated(message: LocationUpdate, plain: str, now: str) -> str:
    """Return a position as it is kept: whoever gets it later is to see how old it is."""
    if message.timestamp is not None:
        return plain
    return json.dumps({**json.loads(plain), "timestamp": now}, allow_nan=False)
