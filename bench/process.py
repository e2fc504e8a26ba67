"""A process under measurement: started, timed, weighed, stopped."""

import asyncio
import os
import platform
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil

START_SECONDS = 30.0
POLL_SECONDS = 0.05
_HAS_CPU_CLOCKS = platform.system() == "Linux"
ROOT = Path(__file__).resolve().parents[1]


class Process:
    """A child that listens on a port of 127.0.0.1; its output goes to a file."""

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        self.name = name
        self._command = [sys.executable, *command]
        self._environment = dict(environment)
        self._log = log
        self._child: subprocess.Popen[bytes] | None = None

    async def start(self, port: int) -> None:
        """Start it and return once it takes connections."""
        with self._log.open("wb") as log:
            self._child = subprocess.Popen(  # noqa: ASYNC220, S603 - our own command
                self._command, env=self._environment, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT
            )
        deadline = time.monotonic() + START_SECONDS
        while not await _listens(port):
            if self._child.poll() is not None or time.monotonic() > deadline:
                tail = "\n".join(self._log.read_text(errors="replace").splitlines()[-20:])
                raise RuntimeError(f"{self.name} does not listen on port {port}:\n{tail}")
            await asyncio.sleep(POLL_SECONDS)

    @property
    def pid(self) -> int:
        """Its process id."""
        if self._child is None:
            raise RuntimeError(f"{self.name} was not started")
        return self._child.pid

    def cpu_seconds(self) -> float:
        """Return the CPU time of all its threads so far, user and system."""
        if _HAS_CPU_CLOCKS:
            # The CPU clock of another process: nanoseconds instead of the scheduler's ticks.
            return time.clock_gettime((~self.pid << 3) | 2)
        times = psutil.Process(self.pid).cpu_times()
        return float(times.user + times.system)

    def resident_bytes(self) -> int:
        """Return its memory in RAM."""
        return int(psutil.Process(self.pid).memory_info().rss)

    def stop(self) -> None:
        """End it at once: nothing of it is needed any more."""
        if self._child is not None:
            self._child.kill()
            self._child.wait()


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


def clean_environment() -> dict[str, str]:
    """Return this process's environment without what configures a cloud."""
    mine = {"DATABASE_URL", "REDIS_URL", "NODE_ID", "PUBLIC_URL", "NODE_PUBLIC_URL", "MENTRA_DATA_DIR"}
    mine |= {"AUGMENTOS_AUTH_JWT_SECRET", "DJANGO_SECRET_KEY", "DJANGO_SETTINGS_MODULE"}
    return {name: value for name, value in os.environ.items() if name not in mine}
