"""The phone answers what an app asked of its hardware, photos apart (glasses-socket §4.4)."""

from sessions_app.handlers.registry import from_glasses
from sessions_app.handlers.relaying import relay
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.protocol.base import message_type
from sessions_app.protocol.glasses_to_cloud import (
    AudioPlayResponse,
    KeepAliveAck,
    PhotoTaken,
    RgbLedControlResponse,
    RtmpStreamStatus,
    StreamStatus,
    VideoStreamResponse,
)
from sessions_app.streams.rules import Event


@from_glasses(AudioPlayResponse, RgbLedControlResponse)
def on_answer(runtime: SessionRuntime, message: AudioPlayResponse | RgbLedControlResponse, raw: str) -> None:
    """Give an answer to the app that asked; nobody else learns of it."""
    runtime.requests.answered(message.request_id, raw)


@from_glasses(RtmpStreamStatus)
def on_rtmp_stream_status(runtime: SessionRuntime, message: RtmpStreamStatus, raw: str) -> None:
    """Note that this phone uses the older names of streaming messages (§5.5)."""
    runtime.data.uses_old_names = True
    relay(runtime, Event(message_type(RtmpStreamStatus)), raw)


@from_glasses(PhotoTaken, StreamStatus, KeepAliveAck, VideoStreamResponse)
def on_report(
    runtime: SessionRuntime,
    message: PhotoTaken | StreamStatus | KeepAliveAck | VideoStreamResponse,
    raw: str,
) -> None:
    """Pass a report on to whoever follows it."""
    relay(runtime, Event(message_type(type(message))), raw)
