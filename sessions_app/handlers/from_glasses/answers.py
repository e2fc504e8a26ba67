"""The phone answers what an app asked of its hardware, photos and streams apart (glasses-socket §4.4)."""

from sessions_app.handlers.hardware_requests import hand_over
from sessions_app.handlers.registry import from_glasses
from sessions_app.handlers.relaying import relay
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.protocol.base import message_type
from sessions_app.protocol.glasses_to_cloud import (
    AudioPlayResponse,
    PhotoTaken,
    RgbLedControlResponse,
    VideoStreamResponse,
)
from sessions_app.streams.rules import Event


@from_glasses(AudioPlayResponse, RgbLedControlResponse)
def on_answer(runtime: SessionRuntime, message: AudioPlayResponse | RgbLedControlResponse, raw: str) -> None:
    """Give an answer to the app that asked; nobody else learns of it."""
    if runtime.requests.answered(message.request_id, raw):
        return
    seat = runtime.apps.find(runtime.speaker.asker_of(message.request_id))
    if seat is not None:
        hand_over(seat, raw, message.request_id)


@from_glasses(PhotoTaken, VideoStreamResponse)
def on_report(runtime: SessionRuntime, message: PhotoTaken | VideoStreamResponse, raw: str) -> None:
    """Pass a report on to whoever follows it."""
    relay(runtime, Event(message_type(type(message))), raw)
