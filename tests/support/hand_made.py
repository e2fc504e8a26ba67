"""A cloud whose processes are started one by one, in production settings, as docs/operations says."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from shutil import which

from redis import Redis
from redis.exceptions import RedisError

from tests.support.cloud import Cloud
from tests.support.commands import ROOT
from tests.support.ports import free_port

NODE = "python manage.py node --host 0.0.0.0 --port 8000 --server uvicorn"
WORKER = "celery -A mentra_site worker --pool threads --concurrency 8"
BEAT = "celery -A mentra_site beat"
START_SECONDS = 60
NODE_STOP_SECONDS = 10


class HandMadeCloud(Cloud):
    """Redis, worker, beat and nodes, each a process of the test; `logs` has what each of them said."""

    def __init__(self, database_url: str, *, server: str, nodes: int) -> None:
        self.redis_port = free_port()
        settings = {
            "DJANGO_SETTINGS_MODULE": "mentra_site.settings.prod",
            "DJANGO_SECRET_KEY": "s" * 50,
            "AUGMENTOS_AUTH_JWT_SECRET": "j" * 50,
            "DJANGO_ALLOWED_HOSTS": "127.0.0.1",
            "WEBHOOK_ALLOW_PRIVATE_NETWORKS": "1",
            "DATABASE_URL": database_url,
            "REDIS_URL": f"redis://127.0.0.1:{self.redis_port}/0",
            "PYTHONPATH": str(ROOT),
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        }
        super().__init__(settings, server=server, nodes=nodes)
        self.redis = Redis(port=self.redis_port, decode_responses=True)
        self._running: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Start everything and return once every node answers."""
        self._launch("redis", f"redis-server --port {self.redis_port} --save ''")
        self._wait(self._redis_answers)
        assert self._launch("migrate", "python manage.py migrate").wait(START_SECONDS) == 0, self.said(
            "migrate"
        )
        self._launch("worker", WORKER)
        self._launch("beat", BEAT)
        for number in range(self.nodes):
            self.launch_node(number)
        for number in range(self.nodes):
            self.wait_for_node(number)

    def launch_node(
        self, number: int, *, node_id: str | None = None, port: int | None = None
    ) -> subprocess.Popen[bytes]:
        """Start a node; it has the name node-<number> and an address of its own unless told otherwise."""
        port = port or self.port + number
        own = {"NODE_ID": node_id or f"node-{number}", "NODE_PUBLIC_URL": f"http://127.0.0.1:{port}"}
        command = NODE.replace("8000", str(port)).replace("uvicorn", self.server)
        return self._launch(f"node-{number}", command, own)

    def wait_for_node(self, number: int) -> None:
        """Return once a node answers."""
        self._wait(lambda: self._livez(self.port + number))

    def said(self, name: str) -> str:
        """Return what the processes of this name have said."""
        return (self.data_dir / f"{name}.log").read_text()

    def stop(self) -> None:
        """End nodes, then the rest, as a service manager does."""
        self._end_command_line()
        for process in reversed(self._running):
            process.send_signal(signal.SIGTERM)
        for process in reversed(self._running):
            try:
                process.wait(NODE_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
        self._clear_away()

    def _launch(self, name: str, command: str, own: dict[str, str] | None = None) -> subprocess.Popen[bytes]:
        words = [word.strip("'") for word in command.replace("manage.py", str(ROOT / "manage.py")).split()]
        program = which(words[0], path=self.environment["PATH"])
        assert program is not None, f"{words[0]} is not installed"
        with (self.data_dir / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [program, *words[1:]],
                cwd=self.data_dir,
                env={**self.environment, **(own or {})},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self._running.append(process)
        return process

    def _wait(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not condition():
            assert time.monotonic() < deadline, "\n".join(map(self.said, ("worker", "node-0")))
            time.sleep(0.1)

    def _redis_answers(self) -> bool:
        try:
            return bool(self.redis.ping())
        except RedisError:
            return False

    def _livez(self, port: int) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/livez", timeout=2) as answer:  # noqa: S310
                return bool(answer.status == 200)  # noqa: PLR2004
        except OSError:
            return False
