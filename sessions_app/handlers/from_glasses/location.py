"""Where the user is: polls and subscribers (streams-and-permissions §13)."""

import msgspec

from sessions_app.handlers.answers import now_iso
from sessions_app.handlers.relaying import relay
from sessions_app.lifecycle.reconciling import remember
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.protocol.codec import data_stream
from sessions_app.protocol.glasses_to_cloud import LocationUpdate
from sessions_app.streams.rules import Event

STREAM = "location_update"
_encode = msgspec.json.Encoder().encode


def on_located(runtime: SessionRuntime, message: LocationUpdate, raw: str) -> None:
    """Take a position. The answer to a poll carries its id, what other apps get of it does not."""
    plain = raw
    if message.correlation_id:
        plain = _encode(msgspec.structs.replace(message, correlation_id=None)).decode()
        runtime.requests.answered(message.correlation_id, raw)
    runtime.data.last_location = runtime.data.keepable(plain)
    runtime.data.located_at = runtime.upkeep.clock.monotonic()
    remember(runtime)
    relay(runtime, Event(STREAM), plain)


def location_answer(runtime: SessionRuntime, session_id: str, raw: str) -> str:
    """Return the frame that answers an app's poll; it reaches the app subscribed or not (app-socket §6.1)."""
    return data_stream(session_id, STREAM, raw, now_iso(runtime))
