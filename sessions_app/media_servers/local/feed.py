"""One ffmpeg that is given a stream as it comes: started again when it dies, never waited for."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from typing import Final

from sessions_app.media_servers.local import flv, programs

logger = logging.getLogger(__name__)

_MOST_WAITING_BYTES: Final = 8 << 20
_FIRST_DELAY_SECONDS: Final = 1.0
_LONGEST_DELAY_SECONDS: Final = 30.0
_STEADY_SECONDS: Final = 60.0
_FINISH_SECONDS: Final = 1.5
_MOST_REASON_BYTES: Final = 300

Command = Callable[[], Sequence[str] | None]
"""Prepares a start and returns what is run; None: not now. May block for a moment: it is called in a thread."""


class Feed:
    """A process that reads FLV. One that falls behind misses pictures up to the next key frame."""

    def __init__(self, name: str, command: Command, set_up: Callable[[], Sequence[flv.Tag]]) -> None:
        self._name = name
        self._command = command
        self._set_up = set_up
        self._process: asyncio.subprocess.Process | None = None
        self._waits_for_key = True
        self._keeper: asyncio.Task[None] | None = None

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def start(self) -> None:
        """Start the process; one that does not start is tried again later."""
        started = await self._spawn()
        self._keeper = asyncio.create_task(self._keep_running(started), name=self._name)

    def offer(self, tag: flv.Tag) -> None:
        """Hand on a piece, or drop it when the process cannot take it."""
        pipe = self._process.stdin if self._process is not None and self.is_running else None
        if pipe is None or pipe.transport.is_closing():
            return
        if pipe.transport.get_write_buffer_size() > _MOST_WAITING_BYTES:
            self._waits_for_key = True
        if self._waits_for_key and not tag.is_set_up:
            if not tag.is_key_frame and self._has_picture():
                return
            self._waits_for_key = False
        pipe.write(tag.encode())

    def renew(self) -> None:
        """End the process, so that another one begins with the set-up as it is now."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()

    async def close(self) -> None:
        """Let the process finish what it writes, then end it."""
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
            self._keeper = None
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        reading = asyncio.create_task(_last_words(process))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), _FINISH_SECONDS)
        await _kill(process)
        await reading

    def _has_picture(self) -> bool:
        return any(tag.kind == flv.VIDEO for tag in self._set_up())

    async def _spawn(self) -> asyncio.subprocess.Process | None:
        pipe = asyncio.subprocess.PIPE
        try:
            command = await asyncio.to_thread(self._command)
            if command is None:
                return None
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=pipe,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=pipe,
                env=programs.surroundings(),
                start_new_session=True,
                preexec_fn=programs.end_with_us,
            )
        except OSError as trouble:
            logger.warning("%s does not start: %s", self._name, trouble)
            return None
        if process.stdin is not None:
            process.stdin.write(flv.HEADER + b"".join(tag.encode() for tag in self._set_up()))
        self._waits_for_key = True
        self._process = process
        return process

    async def _keep_running(self, process: asyncio.subprocess.Process | None) -> None:
        loop = asyncio.get_running_loop()
        delay = _FIRST_DELAY_SECONDS
        while True:
            started = loop.time()
            if process is not None:
                why = await _last_words(process)
                await process.wait()
                logger.warning(
                    "%s ended with %s%s", self._name, process.returncode, f": {why}" if why else ""
                )
                if loop.time() - started > _STEADY_SECONDS:
                    delay = _FIRST_DELAY_SECONDS
            await asyncio.sleep(delay)
            delay = min(delay * 2, _LONGEST_DELAY_SECONDS)
            process = await self._spawn()


async def _last_words(process: asyncio.subprocess.Process) -> str:
    """Read what a process complains of until it ends, and return the last of it, without addresses."""
    said = b""
    if process.stderr is not None:
        while piece := await process.stderr.read(4096):
            said = (said + piece)[-_MOST_REASON_BYTES:]
    words = said.decode(errors="replace").split()
    return " ".join("…" if "://" in word else word for word in words)


async def _kill(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
    await process.wait()
