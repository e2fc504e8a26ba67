"""An operator at a terminal: starts `up`, reads its two streams apart, signals it, looks for what it left behind."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Self

import psutil

from tests.support.migrated_database import put_migrated_database
from tests.support.ports import free_port

MOST_NODES = 2
ROOT = Path(__file__).resolve().parent.parent.parent.parent
START_SECONDS = 60
# What the developer's shell may have set must not reach the cloud of a test.
FOREIGN = ("DJANGO_SETTINGS_MODULE", "DATABASE_URL", "REDIS_URL", "PUBLIC_URL", "NODE_ID", "NODE_PUBLIC_URL")


class Up:
    """One `manage.py up` on a data folder that is thrown away afterwards.

    `migrated` puts a database there that has every table, as a start before would have.
    """

    # Where the operator is.
    folder: Path = ROOT

    def __init__(
        self,
        *arguments: str,
        data_dir: Path | None = None,
        owns_folder: bool = True,
        environment: Mapping[str, str] | None = None,
        migrated: bool = False,
    ) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="up-"))
        self.data_dir = data_dir or self.root / "data"
        self.port = free_port(MOST_NODES)
        self._owns_folder = owns_folder
        if migrated:
            self.data_dir.mkdir(mode=0o700, parents=True)
            put_migrated_database(self.data_dir / "mentra.sqlite3")
        self.out: list[str] = []
        self.err: list[str] = []
        self._arrived = threading.Condition()
        self._returned: set[tuple[int, int]] = set()
        own = ["--data-dir", str(self.data_dir)]
        if "--port" not in arguments:
            own += ["--port", str(self.port)]
        # Loading engines takes time and memory that only tests of speech need.
        own += [] if "--speech-workers" in arguments else ["--speech-workers", "0"]
        kept = {name: value for name, value in os.environ.items() if name not in FOREIGN}
        self.process = subprocess.Popen(
            self.command([*own, *arguments]),
            cwd=self.folder,
            env={**kept, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._readers = [
            threading.Thread(target=self._read, args=pair, daemon=True)
            for pair in ((self.process.stdout, self.out), (self.process.stderr, self.err))
        ]
        for reader in self._readers:
            reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.wait()
        for process in self.processes() if self._owns_folder else []:
            process.kill()
        shutil.rmtree(self.root, ignore_errors=True)

    def command(self, arguments: list[str]) -> list[str]:
        """Return what the operator types."""
        return [sys.executable, "manage.py", "up", *arguments]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def wait_until_ready(self) -> Self:
        self.wait_for_line(lambda line: line.startswith("READY "))
        return self

    def wait_for_line(self, wanted: Callable[[str], bool], seconds: float = START_SECONDS) -> str:
        """Return a line of either stream that fits and was not returned before; fail when the process ends before.

        The two streams have no order between them, so waiting for a line of one uses up nothing of the other.
        """
        deadline = time.monotonic() + seconds
        while True:
            has_ended = self.process.poll() is not None and not any(
                reader.is_alive() for reader in self._readers
            )
            with self._arrived:
                line = self._find_line(wanted)
                if line is not None:
                    return line
                assert not has_ended, f"`up` ended:\n{self.transcript()}"
                left = deadline - time.monotonic()
                assert left > 0, f"no such line in {seconds} s:\n{self.transcript()}"
                self._arrived.wait(min(left, 0.2))

    def wait(self, seconds: float = 60) -> int:
        """Return the exit code once it has ended and all it said was read."""
        code = self.process.wait(seconds)
        for reader in self._readers:
            reader.join(timeout=5)
        return code

    def processes(self) -> list[psutil.Process]:
        """List the living processes of this data folder, `up` itself not counted."""
        return [process for process in psutil.process_iter() if self._is_ours(process)]

    def find_process(self, *words: str) -> psutil.Process | None:
        """Return the child whose command line has all `words`."""
        for process in self.processes():
            line = " ".join(process.cmdline())
            if all(word in line for word in words):
                return process
        return None

    def transcript(self) -> str:
        return "\n".join([*self.out, "--", *self.err])

    def get(self, path: str) -> bytes:
        with urllib.request.urlopen(self.url + path, timeout=5) as answer:  # noqa: S310
            body: bytes = answer.read()
        return body

    def _find_line(self, wanted: Callable[[str], bool]) -> str | None:
        for stream, lines in enumerate((self.out, self.err)):
            for number, line in enumerate(lines):
                if (stream, number) not in self._returned and wanted(line):
                    self._returned.add((stream, number))
                    return line
        return None

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            if process.pid == self.process.pid or process.status() == psutil.STATUS_ZOMBIE:
                return False
            # Redis writes its title over its environment.
            own = process.environ().get("MENTRA_DATA_DIR"), process.cmdline()
            return own[0] == str(self.data_dir.resolve()) or f"{self.data_dir}/" in "".join(own[1])
        except psutil.Error:
            return False

    def _read(self, stream: IO[str], lines: list[str]) -> None:
        for line in stream:
            with self._arrived:
                lines.append(line.rstrip("\n"))
                self._arrived.notify_all()
