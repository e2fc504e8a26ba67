"""Video by SRT: one ffmpeg for each input waits on a port of its own for whoever knows the passphrase."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, Protocol

from sessions_app.media_servers.local import flv, programs

logger = logging.getLogger(__name__)

_READ_BYTES: Final = 64 * 1024
_FIRST_DELAY_SECONDS: Final = 0.2
_LONGEST_DELAY_SECONDS: Final = 30.0
_STEADY_SECONDS: Final = 5.0


class Receiver(Protocol):
    """Who takes the video."""

    def take(self, tag: flv.Tag) -> None:
        """Take the next piece."""

    def leave(self) -> None:
        """Hear that the publisher is gone."""


Admit = Callable[[Callable[[], None]], Awaitable[Receiver]]


class SrtPorts:
    """The ports that may be used, each by one input at a time."""

    def __init__(self, first: int, count: int) -> None:
        self._free = list(range(first, first + count))
        self._taken: dict[str, int] = {}

    def take(self, input_id: str) -> int | None:
        """Return the port of an input; None when all are in use."""
        if input_id not in self._taken and self._free:
            self._taken[input_id] = self._free.pop(0)
        return self._taken.get(input_id)

    def give_back(self, input_id: str) -> None:
        """Let another input have the port; it goes to the end of the queue."""
        if (port := self._taken.pop(input_id, None)) is not None:
            self._free.append(port)


class SrtListener:
    """Waits for a publisher again and again."""

    def __init__(self, name: str, command: Sequence[str], admit: Admit) -> None:
        self._name = name
        self._command = command
        self._admit = admit
        self._keeper = asyncio.create_task(self._keep_listening(), name=name)

    async def close(self) -> None:
        """Listen no more."""
        self._keeper.cancel()
        await asyncio.gather(self._keeper, return_exceptions=True)

    async def _keep_listening(self) -> None:
        loop = asyncio.get_running_loop()
        delay = _FIRST_DELAY_SECONDS
        while True:
            started = loop.time()
            try:
                await self._listen_once()
            except (OSError, flv.FlvError) as trouble:
                logger.warning("%s: %s", self._name, trouble)
            if loop.time() - started > _STEADY_SECONDS:
                delay = _FIRST_DELAY_SECONDS
            await asyncio.sleep(delay)
            delay = min(delay * 2, _LONGEST_DELAY_SECONDS)

    async def _listen_once(self) -> None:
        process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=programs.surroundings(),
            start_new_session=True,
            preexec_fn=programs.end_with_us,
        )
        receiver: Receiver | None = None
        reader = flv.TagReader()
        try:
            while process.stdout is not None and (data := await process.stdout.read(_READ_BYTES)):
                for tag in reader.feed(data):
                    if receiver is None:
                        receiver = await self._admit(process.kill)
                    if tag.body:
                        receiver.take(tag)
        finally:
            if receiver is not None:
                receiver.leave()
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
            await process.wait()
