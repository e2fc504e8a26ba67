"""What the phone says of live video, and what it asks for its own apps (glasses-socket §4.4, §4.6)."""

from sessions_app.handlers.asking import facts_of_phone
from sessions_app.handlers.filming import Asker, ask_direct, ask_managed, stop_direct
from sessions_app.handlers.registry import from_glasses
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.protocol.cloud_to_glasses import PhoneManagedStreamStatus, PhoneStreamStatus
from sessions_app.protocol.codes import ERROR_FACTS, ErrorCode
from sessions_app.protocol.glasses_to_cloud import (
    KeepAliveAck,
    ManagedStreamRequest,
    ManagedStreamStop,
    RtmpStreamStatus,
    StreamRequest,
    StreamStatus,
    StreamStop,
)
from sessions_app.states import StreamState
from sessions_app.streaming.rules import PHONE
from sessions_app.streaming.stream import Wish

ERROR, STOPPED = StreamState.ERROR.value, StreamState.STOPPED.value
MOST_DETAILS = 300


@from_glasses(StreamStatus, RtmpStreamStatus)
def on_stream_status(runtime: SessionRuntime, message: StreamStatus | RtmpStreamStatus, raw: str) -> None:
    """Take how a stream fares. The older name shows that this phone knows no other ones (§5.5)."""
    if isinstance(message, RtmpStreamStatus):
        runtime.data.uses_old_names = True
    runtime.camera.glasses_said(
        message.stream_id,
        message.status,
        (message.error_details or "")[:MOST_DETAILS],
        message.stats,
        bytes(message.resolved_config).decode(),
    )


@from_glasses(KeepAliveAck)
def on_keep_alive_ack(runtime: SessionRuntime, message: KeepAliveAck, raw: str) -> None:
    """Note that the glasses still stream."""
    runtime.camera.acked(message.stream_id, message.ack_id)


@from_glasses(StreamRequest)
def on_phone_stream_request(runtime: SessionRuntime, message: StreamRequest, raw: str) -> None:
    """Stream to an address for an app on the phone."""

    def refuse(code: ErrorCode, why: str) -> None:
        details = f"{code}: {why or ERROR_FACTS[code].message}"
        runtime.phone.send(PhoneStreamStatus(status=ERROR, error_details=details))

    wish = Wish(
        video=message.video, audio=message.audio, stream=message.stream, sound=message.sound is not False
    )
    ask_direct(
        runtime, Asker(PHONE, lambda: facts_of_phone(runtime, PHONE), refuse), message.stream_url, wish
    )


@from_glasses(StreamStop)
def on_phone_stream_stop(runtime: SessionRuntime, message: StreamStop, raw: str) -> None:
    """End the phone's own stream; where none of it runs, it is told so."""
    if not stop_direct(runtime, PHONE, message.stream_id):
        runtime.phone.send(PhoneStreamStatus(status=STOPPED, stream_id=message.stream_id))


@from_glasses(ManagedStreamRequest)
def on_phone_managed_stream_request(runtime: SessionRuntime, message: ManagedStreamRequest, raw: str) -> None:
    """Stream to the media server for an app on the phone."""

    def refuse(code: ErrorCode, why: str) -> None:
        told = f"{code}: {why or ERROR_FACTS[code].message}"
        runtime.phone.send(PhoneManagedStreamStatus(status=ERROR, message=told))

    ask_managed(runtime, Asker(PHONE, lambda: facts_of_phone(runtime, PHONE), refuse), message)


@from_glasses(ManagedStreamStop)
def on_phone_managed_stream_stop(runtime: SessionRuntime, message: ManagedStreamStop, raw: str) -> None:
    """Let the phone watch no more."""
    stream = runtime.camera.stream
    was_last = stream is not None and stream.viewers == [PHONE]
    runtime.camera.leave(PHONE)
    if not was_last:
        runtime.phone.send(PhoneManagedStreamStatus(status=STOPPED))
