"""Whoever has the phone's request for a speaker stream, on whatever node, reads it from here (media.md §4)."""

from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.media.speaker_stream import StreamMoved, StreamOver, StreamTaken
from sessions_app.outbound.commands import (
    DONE,
    MOVED,
    STREAM_OVER,
    STREAM_TAKEN,
    LetGoOfSound,
    ReadSound,
    Reply,
)


async def read_sound(runtime: SessionRuntime, command: ReadSound) -> Reply:
    """Return the next piece of a stream, or why there is none."""
    try:
        sound = await runtime.speaker.read(command.token, command.reader, command.after, command.most)
    except StreamOver:
        return STREAM_OVER
    except StreamTaken:
        return STREAM_TAKEN
    except StreamMoved:
        return MOVED
    return Reply(ok=True, sound=sound)


async def let_go_of_sound(runtime: SessionRuntime, command: LetGoOfSound) -> Reply:
    """Note that the phone does not fetch a stream any more."""
    runtime.speaker.let_go(command.token, command.reader)
    return DONE
