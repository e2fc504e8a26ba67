"""A whole cloud as a child process, for tests of the real thing. Knows only the public command line."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import psutil

from tests.support.certificate import Certificate
from tests.support.commands import ROOT, CommandLine
from tests.support.migrated_database import put_migrated_database
from tests.support.ports import free_port
from tests.support.proxy import Proxy
from tests.support.tether import Tether

START_SECONDS = 60
STOP_SECONDS = 30
LOG_LINES_SHOWN = 60

# A test's cloud must not take over what the developer's shell or pytest-django configured.
_OWN_SETTINGS = {
    "APP_GRACE_SECONDS",
    "APP_START_TIMEOUT_SECONDS",
    "AUGMENTOS_AUTH_JWT_SECRET",
    "CIRCUIT_FAILURES",
    "CIRCUIT_OPEN_SECONDS",
    "DATABASE_URL",
    "DJANGO_SECRET_KEY",
    "DJANGO_SETTINGS_MODULE",
    "HEARTBEAT_SECONDS",
    "MENTRA_DATA_DIR",
    "NODE_ID",
    "NODE_LOST_SECONDS",
    "NODE_PUBLIC_URL",
    "PARKING_SECONDS",
    "PHOTO_TIMEOUT_SECONDS",
    "PUBLIC_URL",
    "REDIS_KEY_PREFIX",
    "REDIS_URL",
    "SESSIONS_ON_SHUTDOWN",
    "SESSION_GRACE_SECONDS",
    "SWEEP_SECONDS",
    "WEBHOOK_ALLOW_PRIVATE_NETWORKS",
    "WEBHOOK_TIMEOUT_SECONDS",
}


@dataclass(frozen=True)
class RegisteredApp:
    """What `create_app` printed."""

    package_name: str
    api_key: str
    webhook_secret: str
    public_url: str


class Cloud:
    """`manage.py up` on free ports with a data folder of its own; a context manager.

    `settings` are environment variables on top of the defaults. With `proxied`, app servers are sent to
    `proxy`, which a test can cut; phones and commands go straight to the cloud. With a `certificate` the
    proxy speaks TLS to them.
    """

    def __init__(
        self,
        settings: Mapping[str, str] | None = None,
        *,
        server: str = "daphne",
        nodes: int = 1,
        proxied: bool = False,
        certificate: Certificate | None = None,
        arguments: Sequence[str] = ("--no-demo",),
    ) -> None:
        self.server = server
        self.nodes = nodes
        self.arguments = tuple(arguments)
        self.port = free_port(nodes)
        self.data_dir = Path(tempfile.mkdtemp(prefix="cloud-"))
        self.certificate = certificate
        tls = None if certificate is None else certificate.server_context()
        self.proxy = Proxy(self.port, tls) if proxied else None
        self.environment = self._environment(settings or {})
        if "DATABASE_URL" not in self.environment:
            put_migrated_database(self.data_dir / "mentra.sqlite3")
        self.log: deque[str] = deque(maxlen=5000)
        self.ready_line: str | None = None
        self._settled = threading.Event()
        self._process: subprocess.Popen[str] | None = None
        self._tether: Tether | None = None
        self._reader: threading.Thread | None = None
        self._command_line: CommandLine | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def public_url(self) -> str:
        """Where app servers reach it."""
        return self.environment["PUBLIC_URL"]

    @property
    def ws_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start everything and return once the ready line came; fail with the last log lines otherwise."""
        self.ready_line = None
        self._settled.clear()
        if self.proxy is not None:
            self.proxy.start()
        command = [
            sys.executable,
            "manage.py",
            "up",
            "--port",
            str(self.port),
            "--data-dir",
            str(self.data_dir),
        ]
        command += ["--nodes", str(self.nodes), "--server", self.server, *self.arguments]
        # Loading engines takes time and memory that only tests of speech need.
        command += [] if "--speech-workers" in self.arguments else ["--speech-workers", "0"]
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._tether = Tether(self._process.pid)
        self._reader = threading.Thread(target=self._read_log, args=(self._process.stdout,), daemon=True)
        self._reader.start()
        self._settled.wait(START_SECONDS)
        if self.ready_line is None:
            self._clear_away()
            raise AssertionError(f"The cloud printed no READY line in {START_SECONDS} s.\n{self.log_tail()}")

    def shut_down(self) -> None:
        """End it as an operator does (SIGTERM); its data folder stays for another `start`."""
        family = self._end_command_line()
        exit_code = self._terminate()
        psutil.wait_procs(family, timeout=STOP_SECONDS)
        assert exit_code == 0, f"`up` ended with {exit_code}.\n{self.log_tail()}"
        assert not self.processes(), self.log_tail()

    def stop(self) -> None:
        """End it as an operator does (SIGTERM) and assert that no process and no listener is left."""
        family = self._end_command_line()
        exit_code = self._terminate()
        _, left = psutil.wait_procs(family, timeout=STOP_SECONDS)
        left = [*left, *(process for process in self.processes() if process not in left)]
        names = [_describe(process) for process in left]
        self._clear_away()
        assert not names, f"Processes left after stopping the cloud: {names}\n{self.log_tail()}"
        assert exit_code is not None, (
            f"`up` did not end within {STOP_SECONDS} s of SIGTERM.\n{self.log_tail()}"
        )

    def _end_command_line(self) -> list[psutil.Process]:
        """End the process that runs management commands; return those of the cloud."""
        if self._command_line is not None:
            self._command_line.stop()
            self._command_line = None
        return self.processes()

    def processes(self) -> list[psutil.Process]:
        """List the living processes that work on this cloud's data folder."""
        return [process for process in psutil.process_iter() if self._is_ours(process)]

    def node_ws_url(self, node: int) -> str:
        """Return where phones and apps reach a node; the first has the number 0."""
        return f"ws://127.0.0.1:{self.port + node}"

    def part(self, *words: str) -> psutil.Process:
        """Return the living process whose command line has all `words`, for example "celery", "worker"."""
        found = [process for process in self.processes() if set(words) <= set(process.cmdline())]
        assert len(found) == 1, f"not one process has {words}: {[_describe(each) for each in found]}"
        return found[0]

    def node(self, number: int) -> psutil.Process:
        """Return the process of a node; the first has the number 0."""
        return self.part("node", str(self.port + number))

    def kill_node(self, number: int) -> None:
        """Kill one node as a crash does (kill -9); `up` starts it again."""
        victim = self.node(number)
        victim.kill()
        victim.wait(STOP_SECONDS)

    def drain_node(self, number: int) -> None:
        """Ask one node to end as an operator does (SIGTERM), wait until it has; `up` starts it again."""
        leaving = self.node(number)
        leaving.terminate()
        leaving.wait(STOP_SECONDS)

    def kill_nodes(self) -> None:
        """Kill every node as a crash does; `up` starts them again."""
        for process in self.processes():
            if "node" in process.cmdline():
                process.kill()

    def wait_for_line(self, words: str, seconds: float = 20) -> None:
        """Return once some line of the log has these words."""
        deadline = time.monotonic() + seconds
        while not any(words in line for line in list(self.log)):
            assert time.monotonic() < deadline, f"nobody said {words!r}\n{self.log_tail()}"
            time.sleep(0.05)

    def log_tail(self, lines: int = LOG_LINES_SHOWN) -> str:
        return "".join(list(self.log)[-lines:])

    def run(self, *arguments: str) -> str:
        """Run a management command against this cloud and return its standard output."""
        if self._command_line is None:
            self._command_line = CommandLine(self.environment)
        return self._command_line.run(*arguments)

    def create_app(
        self,
        package_name: str,
        url: str,
        *,
        name: str | None = None,
        app_type: str | None = None,
        permissions: Sequence[str] = (),
        owner: str | None = None,
    ) -> RegisteredApp:
        """Register (or update) an app whose webhook base is `url`; `owner` is the address of its developer."""
        arguments = ["create_app", package_name, "--url", url]
        arguments += ["--name", name] if name else []
        arguments += ["--type", app_type] if app_type else []
        arguments += ["--owner", owner] if owner else []
        for permission in permissions:
            arguments += ["--permission", permission]
        made = json.loads(self.run(*arguments))
        return RegisteredApp(made["packageName"], made["apiKey"], made["webhookSecret"], made["publicUrl"])

    def install_app(self, package_name: str, email: str) -> None:
        self.run("install_app", package_name, "--user", email)

    def issue_token(self, email: str) -> str:
        return self.run("issue_token", email).strip()

    def list_sessions(self, email: str | None = None, *, with_disposed: bool = False) -> list[dict[str, Any]]:
        """Return the rows of `list_sessions`, newest as the command orders them."""
        arguments = [
            "list_sessions",
            *(["--all"] if with_disposed else []),
            *(["--user", email] if email else []),
        ]
        sessions: list[dict[str, Any]] = json.loads(self.run(*arguments))
        return sessions

    def dispose_session(self, session: str, reason: str | None = None) -> dict[str, Any]:
        """Dispose by id or e-mail; return the final row."""
        arguments = ["dispose_session", session, *(["--reason", reason] if reason else [])]
        final: dict[str, Any] = json.loads(self.run(*arguments))
        return final

    def _environment(self, settings: Mapping[str, str]) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in _OWN_SETTINGS}
        own = {"MENTRA_DATA_DIR": str(self.data_dir), "PUBLIC_URL": self.url, "PYTHONUNBUFFERED": "1"}
        if self.proxy is not None:
            own["PUBLIC_URL"] = self.proxy.url
        return kept | own | dict(settings)

    def _read_log(self, stream: IO[str]) -> None:
        for line in stream:
            self.log.append(line)
            if line.startswith("READY "):
                self.ready_line = line.strip()
                self._settled.set()
        self._settled.set()

    def _terminate(self) -> int | None:
        if self._process is None:
            return 0
        self._cut_tether()
        self._process.send_signal(signal.SIGTERM)
        try:
            return self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            return None

    def _cut_tether(self) -> None:
        if self._tether is not None:
            self._tether.cut()
            self._tether = None

    def _clear_away(self) -> None:
        self._cut_tether()
        if self.proxy is not None:
            self.proxy.stop()
        for process in self.processes():
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        if self._process is not None:
            self._process.wait(5)
        if self._reader is not None:
            self._reader.join(5)
        if self._process is not None and self._process.stdout is not None:
            self._process.stdout.close()
        shutil.rmtree(self.data_dir, ignore_errors=True)

    def _is_ours(self, process: psutil.Process) -> bool:
        folder = str(self.data_dir)
        try:
            if process.status() == psutil.STATUS_ZOMBIE:
                return False
            return process.environ().get("MENTRA_DATA_DIR") == folder or any(
                folder in argument for argument in process.cmdline()
            )
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            return False


def _describe(process: psutil.Process) -> str:
    with contextlib.suppress(psutil.NoSuchProcess):
        return f"{process.pid} {' '.join(process.cmdline())}"
    return str(process.pid)
