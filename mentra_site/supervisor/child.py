"""One process of the cloud: started, heard, started again when it dies, stopped. Knows not what it runs."""

import asyncio
import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from mentra_site.supervisor.console import Console

FIRST_DELAY_SECONDS = 0.5
LONGEST_DELAY_SECONDS = 10.0
# A process that ran this long was healthy: its next death starts the back-off anew.
STEADY_SECONDS = 30.0
# One that ends well (exit code 0) after this time was asked to: somebody wants it started again.
SETTLED_SECONDS = 3.0
LAST_WORDS_SECONDS = 0.5
READ_BYTES = 65536

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True)
class ChildSpec:
    """What to run: a name for the log, the command, and its environment."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(repr=False)


def restart_delay(deaths: int) -> float:
    """Return the seconds to wait before the next start after `deaths` deaths in a row (1 = the first)."""
    return min(FIRST_DELAY_SECONDS * 2.0 ** (deaths - 1), LONGEST_DELAY_SECONDS)


class Child:
    """Keeps one process running until `stop`; must be used in the main thread of `up`.

    A process that ends well without having been stopped here was asked to by the operator, who sent it SIGTERM: it is
    started again at once. Any other end is a death, after which the process is given time.

    The kernel ends a child with the thread that made it, so a killed `up` leaves nothing behind (Linux).
    """

    def __init__(self, spec: ChildSpec, console: Console) -> None:
        self.spec = spec
        self.deaths = 0
        self.last_exit: str | None = None
        self._console = console
        self._process: asyncio.subprocess.Process | None = None
        self._stop_asked = asyncio.Event()
        self._keeper: asyncio.Task[None] | None = None

    @property
    def name(self) -> str:
        return self.spec.name

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def start(self) -> None:
        """Start the process and keep it running from now on."""
        process = await self._spawn()
        self._keeper = asyncio.create_task(self._keep_running(process), name=f"keep {self.name}")

    def send_signal(self, number: signal.Signals) -> None:
        """Signal the process and everything it started itself."""
        if self._process is not None and self.is_running:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)

    async def stop(self, budget_seconds: float) -> None:
        """Ask it to end (SIGTERM); kill it when it has not ended within the budget."""
        self._stop_asked.set()
        self.send_signal(signal.SIGTERM)
        if self._keeper is None:
            return
        done, _ = await asyncio.wait({self._keeper}, timeout=budget_seconds)
        if not done:
            self._console.say(f"{self.name} did not end within {budget_seconds:.0f} s; killing it.")
            self.send_signal(signal.SIGKILL)
            await asyncio.wait({self._keeper}, timeout=LAST_WORDS_SECONDS * 4)

    async def _spawn(self) -> asyncio.subprocess.Process:
        self._process = await asyncio.create_subprocess_exec(
            *self.spec.command,
            env=dict(self.spec.environment),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_end_with_parent(),
        )
        return self._process

    async def _keep_running(self, process: asyncio.subprocess.Process) -> None:
        while True:
            started = time.monotonic()
            self.last_exit = await self._listen_until_end(process)
            if self._stop_asked.is_set():
                return
            lived = time.monotonic() - started
            if process.returncode == 0 and lived > SETTLED_SECONDS:
                self._console.say(f"{self.name} ended as asked; starting it again.")
                delay = 0.0
            else:
                self.deaths = 1 if lived > STEADY_SECONDS else self.deaths + 1
                delay = restart_delay(self.deaths)
                self._console.say(f"{self.name} ended ({self.last_exit}); starting it again in {delay:g} s.")
            again = await self._spawn_after(delay)
            if again is None:
                return
            process = again
            if self._stop_asked.is_set():
                self.send_signal(signal.SIGTERM)

    async def _spawn_after(self, delay: float) -> asyncio.subprocess.Process | None:
        """Start the process again; None when it was to stop meanwhile. A machine short of memory is asked again."""
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop_asked.wait(), delay)
                return None
            try:
                return await self._spawn()
            except OSError as error:
                delay = LONGEST_DELAY_SECONDS
                self._console.say(f"{self.name} cannot be started ({error}); trying again in {delay:g} s.")

    async def _listen_until_end(self, process: asyncio.subprocess.Process) -> str:
        """Show what the process says; return how it ended."""
        listener = asyncio.create_task(_show_lines(process.stdout, self._show))
        code = await process.wait()
        # A grandchild may still hold the pipe open: take the last words, then let go.
        await asyncio.wait({listener}, timeout=LAST_WORDS_SECONDS)
        listener.cancel()
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        return _describe_exit(code)

    def _show(self, line: str) -> None:
        self._console.show(self.name, line)


async def _show_lines(stream: asyncio.StreamReader | None, show: Callable[[str], None]) -> None:
    """Cut a stream into lines of any length; bytes that are no UTF-8 are shown as escapes."""
    if stream is None:
        return
    rest = b""
    while data := await stream.read(READ_BYTES):
        *lines, rest = (rest + data).split(b"\n")
        for line in lines:
            show(line.decode("utf-8", "backslashreplace").rstrip("\r"))
        if len(rest) > READ_BYTES:
            show(rest.decode("utf-8", "backslashreplace"))
            rest = b""
    if rest:
        show(rest.decode("utf-8", "backslashreplace"))


def _describe_exit(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"killed by signal {-code}"


def _end_with_parent() -> Callable[[], None] | None:
    """Return what a child runs before its program: die when `up` dies, even by SIGKILL."""
    if _LIBC is None:
        return None
    libc, parent = _LIBC, os.getpid()

    def arrange() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return arrange
