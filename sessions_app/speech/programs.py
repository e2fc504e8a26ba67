"""Programs of this machine that are called for one text each: never by a shell, with a time-out, with few surroundings.

Must not know what they are for.
"""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncGenerator, Coroutine, Sequence
from typing import Any, Final, TypeVar

T = TypeVar("T")

_PIECE_BYTES: Final = 32 * 1024
_MOST_ERROR_CHARACTERS: Final = 200
# Secrets of this deployment are in the environment; a program gets none of it but where to find its parts.
_SURROUNDINGS: Final = {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}


class ProgramFailed(Exception):
    """A program could not be started, took too long, or said that it failed."""


async def output_of(command: Sequence[str], text: str, seconds: float) -> AsyncGenerator[bytes, None]:
    """Yield what a program writes while it reads `text`; raises ProgramFailed, also after `seconds` of silence.

    It ends with this iteration, together with all it has started itself; close the iterator if you leave it early.
    """
    process = await _start(command)
    feeding = asyncio.create_task(_feed(process, text.encode()))
    try:
        while piece := await _in_time(_read(process.stdout), command, seconds):
            yield piece
        status = await _in_time(process.wait(), command, seconds)
        if status:
            raise ProgramFailed(f"{_name(command)} ended with {status}{await _reason(process, text)}")
    finally:
        feeding.cancel()
        await _end(process)


async def read_all(command: Sequence[str], text: str, seconds: float) -> str:
    """Return all that a program writes; raises ProgramFailed."""
    async with contextlib.aclosing(output_of(command, text, seconds)) as pieces:
        return b"".join([piece async for piece in pieces]).decode(errors="replace")


async def _reason(process: asyncio.subprocess.Process, text: str) -> str:
    """Return what a program complains of; nothing when it was given a text, which it may quote."""
    said = " ".join((await _read(process.stderr)).decode(errors="replace").split())
    return f": {said[:_MOST_ERROR_CHARACTERS]}" if said and not text else ""


def _name(command: Sequence[str]) -> str:
    return os.path.basename(command[0])


async def _in_time(waiting: Coroutine[Any, Any, T], command: Sequence[str], seconds: float) -> T:
    try:
        return await asyncio.wait_for(waiting, seconds)
    except TimeoutError as problem:
        raise ProgramFailed(f"{_name(command)} said nothing for {seconds:g} s") from problem


async def _start(command: Sequence[str]) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    surroundings = {**_SURROUNDINGS, "PATH": os.environ.get("PATH", os.defpath)}
    try:
        return await asyncio.create_subprocess_exec(
            *command, stdin=pipe, stdout=pipe, stderr=pipe, env=surroundings, start_new_session=True
        )
    except OSError as problem:
        raise ProgramFailed(f"{_name(command)} does not start: {problem}") from problem


async def _feed(process: asyncio.subprocess.Process, text: bytes) -> None:
    if process.stdin is not None:
        with contextlib.suppress(ConnectionError):
            process.stdin.write(text)
            await process.stdin.drain()
        process.stdin.close()


async def _read(pipe: asyncio.StreamReader | None) -> bytes:
    return await pipe.read(_PIECE_BYTES) if pipe is not None else b""


async def _end(process: asyncio.subprocess.Process) -> None:
    """End a program and what it started: they are a group of their own."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()
