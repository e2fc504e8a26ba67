"""A PostgreSQL server of one test's own, which may be stopped, killed and frozen as it likes."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from tests.support.ports import free_port

BINARIES = "/usr/lib/postgresql"
START_SECONDS = 30
# Nothing here survives a loss of power; a killed server loses nothing that was committed.
_CHEAP = ("fsync=off", "full_page_writes=off", "max_connections=60")


def find_binaries() -> Path | None:
    """Return the folder of `initdb` and `pg_ctl`, the newest of Debian's or what PATH has; None without a server."""
    folders = [*sorted(Path(BINARIES).glob("*/bin"), key=_version, reverse=True)]
    on_path = shutil.which("initdb")
    folders += [Path(on_path).parent] if on_path else []
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


def _version(folder: Path) -> float:
    with suppress(ValueError):
        return float(folder.parent.name)
    return 0.0


class OwnPostgres:
    """A server on a port of its own with its data in a temporary folder; a context manager."""

    def __init__(self, binaries: Path) -> None:
        self._binaries = binaries
        self._user = _unprivileged_user()
        self.folder = Path(tempfile.mkdtemp(prefix="postgres-"))
        self.port = free_port()

    @property
    def url(self) -> str:
        """The DATABASE_URL of its only database."""
        return f"postgresql://tester@127.0.0.1:{self.port}/postgres"

    def __enter__(self) -> Self:
        if self._user is not None:
            shutil.chown(self.folder, self._user)
        self._run("initdb", "--username=tester", "--auth=trust", "--encoding=UTF8", "--no-sync")
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thaw()
        with suppress(subprocess.CalledProcessError):
            self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> None:
        """Start it and return once it takes connections."""
        options = [
            f"-p {self.port}",
            f"-k {self.folder}",
            "-h 127.0.0.1",
            *(f"-c {each}" for each in _CHEAP),
        ]
        log = str(self.folder / "log")
        self._run("pg_ctl", "start", "-w", "-t", str(START_SECONDS), "-l", log, "-o", " ".join(options))

    def stop(self, mode: str) -> None:
        """Stop it, "fast" as an operator does or "immediate" as a crash does."""
        self._run("pg_ctl", "stop", "-w", "-m", mode)

    @contextmanager
    def away(self, mode: str) -> Iterator[None]:
        """Stop it for the length of a block."""
        self.stop(mode)
        try:
            yield
        finally:
            self.start()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Stop every process of it (SIGSTOP) for the length of a block: it takes connections but says nothing."""
        for process in self._processes():
            with suppress(psutil.NoSuchProcess):
                process.suspend()
        try:
            yield
        finally:
            self._thaw()

    def _thaw(self) -> None:
        for process in self._processes():
            with suppress(psutil.NoSuchProcess):
                process.resume()

    def _processes(self) -> Sequence[psutil.Process]:
        """Return the server's processes, the first one before those it started."""
        try:
            first = psutil.Process(int((self.folder / "data" / "postmaster.pid").read_text().split()[0]))
        except (OSError, psutil.NoSuchProcess):
            return ()
        return (first, *first.children(recursive=True))

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._binaries / program), *arguments, "-D", str(self.folder / "data")]
        subprocess.run(
            command,
            user=self._user,
            cwd=self.folder,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            check=True,
            timeout=START_SECONDS * 2,
        )


def _unprivileged_user() -> str | None:
    """Return who runs the server: it refuses to be root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"
