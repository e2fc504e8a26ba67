"""A process under measurement: started, timed, weighed, stopped."""

import asyncio
import os
import platform
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import psutil

START_SECONDS = 30.0
POLL_SECONDS = 0.05
_HAS_CPU_CLOCKS = platform.system() == "Linux"
ROOT = Path(__file__).resolve().parents[1]


class Clocked(Protocol):
    """Something whose CPU time can be read."""

    def cpu_seconds(self) -> float:
        """Return the CPU time so far, user and system."""


class RunningProcess:
    """A process somebody else started, known by its id."""

    def __init__(self, pid: int) -> None:
        self._pid = pid

    def cpu_seconds(self) -> float:
        """Return the CPU time of all its threads so far, user and system."""
        return cpu_seconds_of(self._pid)


class Together:
    """Several processes that share the work; their CPU time is added up."""

    def __init__(self, *processes: Clocked) -> None:
        self._processes = processes

    def cpu_seconds(self) -> float:
        """Return what all of them used so far."""
        return sum(process.cpu_seconds() for process in self._processes)


class Process:
    """A child that listens on a port of 127.0.0.1; its output goes to a file.

    With a `probe` (a path) it counts as started when a GET of it is answered 200, otherwise when it takes connections.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        log: Path,
        probe: str = "",
    ) -> None:
        self.name = name
        self._probe = probe
        self._command = [sys.executable, *command]
        self._environment = dict(environment)
        self._log = log
        self._child: subprocess.Popen[bytes] | None = None

    async def start(self, port: int) -> None:
        """Start it, again after a kill, and return once it is ready."""
        with self._log.open("ab") as log:
            self._child = subprocess.Popen(  # noqa: ASYNC220, S603 - our own command
                self._command, env=self._environment, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT
            )
        deadline = time.monotonic() + START_SECONDS
        while not await _is_ready(port, self._probe):
            if self._child.poll() is not None or time.monotonic() > deadline:
                tail = "\n".join(self._log.read_text(errors="replace").splitlines()[-20:])
                raise RuntimeError(f"{self.name} does not answer on port {port}:\n{tail}")
            await asyncio.sleep(POLL_SECONDS)

    @property
    def pid(self) -> int:
        """Its process id."""
        if self._child is None:
            raise RuntimeError(f"{self.name} was not started")
        return self._child.pid

    def cpu_seconds(self) -> float:
        """Return the CPU time of all its threads so far, user and system."""
        return cpu_seconds_of(self.pid)

    def resident_bytes(self) -> int:
        """Return its memory in RAM."""
        return int(psutil.Process(self.pid).memory_info().rss)

    def kill(self) -> None:
        """Send SIGKILL and return at once: its peers learn of it as they would of a crash."""
        if self._child is not None:
            self._child.kill()

    def stop(self) -> None:
        """End it at once: nothing of it is needed any more."""
        if self._child is not None:
            self._child.kill()
            self._child.wait()


def cpu_seconds_of(pid: int) -> float:
    """Return the CPU time of a process, all its threads, user and system."""
    if _HAS_CPU_CLOCKS:
        # The CPU clock of another process: nanoseconds instead of the scheduler's ticks.
        return time.clock_gettime((~pid << 3) | 2)
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


async def _is_ready(port: int, probe: str) -> bool:
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            if not probe:
                return True
            writer.write(
                f"GET {probe} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode()
            )
            return b" 200 " in await reader.readline()
        finally:
            writer.close()
    except OSError:
        return False


def clean_environment() -> dict[str, str]:
    """Return this process's environment without what configures a cloud."""
    mine = {"DATABASE_URL", "REDIS_URL", "NODE_ID", "PUBLIC_URL", "NODE_PUBLIC_URL", "MENTRA_DATA_DIR"}
    mine |= {"AUGMENTOS_AUTH_JWT_SECRET", "DJANGO_SECRET_KEY", "DJANGO_SETTINGS_MODULE"}
    return {name: value for name, value in os.environ.items() if name not in mine}
