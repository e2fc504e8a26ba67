"""What a phone says by REST, taken the same way as what it says over its socket (rest §2)."""

from sessions_app.handlers.from_glasses.device import device_reported
from sessions_app.handlers.from_glasses.location import on_located
from sessions_app.handlers.registry import GLASSES_HANDLERS
from sessions_app.lifecycle.opening import say_goodbye
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.outbound.commands import (
    DONE,
    AppliedState,
    CheckPhone,
    Reply,
    ReportDevice,
    SayGoodbye,
    TakeFrames,
)
from sessions_app.protocol.codec import Malformed, UnknownType, decode_from_glasses
from sessions_app.protocol.codes import ErrorCode
from sessions_app.protocol.glasses_to_cloud import LocationUpdate

NOBODY_ASKED = Reply(ok=False, code="NOT_OPEN", message="Nobody waits for this answer any more")


async def take_frames(runtime: SessionRuntime, command: TakeFrames) -> Reply:
    """Handle messages as if they had come over the socket; an answer to a poll nobody waits for is told as such."""
    reply = DONE
    for frame in command.frames:
        try:
            message = decode_from_glasses(frame)
        except Malformed as problem:
            return Reply(ok=False, code=ErrorCode.MALFORMED_MESSAGE, message=str(problem))
        if isinstance(message, UnknownType):
            return Reply(ok=False, code=ErrorCode.MALFORMED_MESSAGE, message=f"Nobody knows {message.type}")
        if isinstance(message, LocationUpdate):
            reply = DONE if on_located(runtime, message, frame) else NOBODY_ASKED
        else:
            GLASSES_HANDLERS[type(message)](runtime, message, frame)
    return reply


async def report_device(runtime: SessionRuntime, command: ReportDevice) -> Reply:
    """Take a report on the glasses and answer what is known of them now."""
    device_reported(runtime, command.changes)
    data = runtime.data
    applied = AppliedState(
        is_glasses_connected=data.device.connected is True,
        is_phone_connected=runtime.phone.is_open,
        model_name=data.model_name,
        capabilities=data.capabilities,
    )
    return Reply(ok=True, applied=applied)


async def check_phone(runtime: SessionRuntime, command: CheckPhone) -> Reply:
    """Say whether the phone's socket is open."""
    if runtime.phone.is_open:
        return DONE
    return Reply(ok=False, code=ErrorCode.PHONE_DISCONNECTED, message="The phone's socket is closed")


async def take_goodbye(runtime: SessionRuntime, command: SayGoodbye) -> Reply:
    """Let go of the phone."""
    say_goodbye(runtime)
    return DONE
