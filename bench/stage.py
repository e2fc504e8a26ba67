"""Everything a measurement needs around it: data folder, Redis, database, seeded people, a node, the yardsticks."""

import asyncio
import contextlib
import json
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit, urlunsplit

import msgspec
import psycopg
import redis.asyncio

from bench.cluster import Cluster
from bench.peers import AppServer, Phone
from bench.process import ROOT, Process, RunningProcess, clean_environment
from mentra_site.settings.data_folder import private_redis_url
from mentra_site.supervisor.private_redis import private_redis, wait_for_redis
from sessions_app.speech.rules import WorkerFacts

SEEDED_FILE = "seeded.sqlite3"
ENGINE_SECONDS, REGISTER_SECONDS = 60.0, 1.5


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True)
class Seeded:
    """What bench.seed printed: (e-mail address, core token) of each user, and the key of each app."""

    users: list[tuple[str, str]]
    keys: dict[str, str]


@dataclass
class Cloud:
    """One node and everybody who talks to it; `port` is the node's, `keys` are those of the apps."""

    node: Process
    phones: list[Phone]
    apps: AppServer
    port: int
    database: str
    keys: dict[str, str]


class Stage:
    """A data folder with a Redis and a database of its own; an asynchronous context manager."""

    def __init__(self, users: int, database_url: str = "", settings: Mapping[str, str] | None = None) -> None:
        self.speech_app_port = free_port()
        self._users = users
        self._settings = dict(settings or {})
        self._given_database_url = database_url
        self._app_port = free_port()
        self._seeded: Seeded | None = None
        self._folder = Path(tempfile.mkdtemp(prefix="bench-"))
        self._ending = contextlib.ExitStack()
        self._environment = clean_environment()
        self._redis_pid = 0
        self._yardsticks: list[Process] = []

    async def __aenter__(self) -> Self:
        self._ending.callback(shutil.rmtree, self._folder, ignore_errors=True)
        self._environment["DATABASE_URL"] = f"sqlite:///{self._folder / SEEDED_FILE}"
        if self._given_database_url:
            own = self._ending.enter_context(own_database(self._given_database_url))
            self._environment["DATABASE_URL"] = own
        url = private_redis_url(self._folder)
        self._environment |= {"MENTRA_DATA_DIR": str(self._folder), "REDIS_URL": url, **self._settings}
        spec = private_redis(self._folder, self._environment)
        server = subprocess.Popen(spec.command, env=self._environment)  # noqa: ASYNC220, S603 - our own command
        self._redis_pid = server.pid
        self._ending.callback(server.wait)
        self._ending.callback(server.terminate)
        await wait_for_redis(url)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._ending.close()

    async def open_cloud(self, server: str) -> Cloud:
        """Start a node on a fresh copy of the seeded database."""
        seeded = await self._seeded_people()
        apps = AppServer(seeded.keys)
        await apps.listen(self._app_port)
        database = self._copy_database(server)
        node, port = self._node(server, "bench", database)
        await node.start(port)
        phones = [Phone(port, email, token) for email, token in seeded.users]
        return Cloud(node, phones, apps, port, database, seeded.keys)

    async def open_cluster(self, server: str, number: int) -> Cluster:
        """Start several nodes on one fresh copy of the seeded database; phones begin at the first."""
        seeded = await self._seeded_people()
        apps = AppServer(seeded.keys)
        await apps.listen(self._app_port)
        database = self._copy_database(f"cluster-{server}")
        pairs = [self._node(server, f"node-{each + 1}", database) for each in range(number)]
        await asyncio.gather(*(node.start(port) for node, port in pairs))
        nodes, ports = [node for node, _ in pairs], [port for _, port in pairs]
        phones = [Phone(ports[0], email, token) for email, token in seeded.users]
        return Cluster(nodes, ports, RunningProcess(self._redis_pid), phones, apps)

    def _node(self, server: str, node_id: str, database: str) -> tuple[Process, int]:
        """Return a node that is not started yet, with its port."""
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        node = Process(
            f"{node_id} under {server}",
            ["manage.py", "node", "--port", str(port), "--server", server],
            {
                **self._environment,
                "DATABASE_URL": database,
                "NODE_ID": node_id,
                "PUBLIC_URL": url,
                "NODE_PUBLIC_URL": url,
            },
            self._folder / f"{node_id}-{server}.log",
            probe="/livez",
        )
        self._ending.callback(node.stop)
        return node, port

    async def open_speech_worker(self, cloud: Cloud, **settings: str) -> Process:
        """Start a speech worker that nodes find; `settings` are its environment."""
        port = free_port()
        worker = Process(
            "speech worker",
            ["manage.py", "speech_worker", "--port", str(port)],
            {**self._environment, "DATABASE_URL": cloud.database, **settings},
            self._folder / "speech-worker.log",
        )
        self._ending.callback(worker.stop)
        await worker.start(port)
        await self._until_an_engine_is_ready(worker.pid)
        return worker

    async def _until_an_engine_is_ready(self, pid: int) -> None:
        """Return once nodes can know that the worker recognises speech."""
        client = redis.asyncio.from_url(self._environment["REDIS_URL"])
        deadline = time.monotonic() + ENGINE_SECONDS
        try:
            while not await _has_engine(client, pid):
                if time.monotonic() > deadline:
                    raise RuntimeError(f"The speech worker has no engine after {ENGINE_SECONDS:.0f} s")
                await asyncio.sleep(REGISTER_SECONDS)
        finally:
            await client.aclose()
        # Nodes look into the register once in this while.
        await asyncio.sleep(REGISTER_SECONDS)

    async def open_yardstick(self, server: str) -> tuple[Process, int]:
        """Start the bare relay; return it with its port."""
        port = free_port()
        process = Process(
            f"bare relay under {server}",
            ["-m", "bench.bare_relay", server, str(port)],
            self._environment,
            self._folder / f"bare-{server}.log",
        )
        self._ending.callback(process.stop)
        self._yardsticks.append(process)
        await process.start(port)
        return process, port

    def close_yardsticks(self) -> None:
        """Stop the bare relays."""
        while self._yardsticks:
            self._yardsticks.pop().stop()

    async def _seeded_people(self) -> Seeded:
        if self._seeded is None:
            self._seeded = await asyncio.to_thread(self._seed)
        return self._seeded

    def _copy_database(self, name: str) -> str:
        """Return the address of a new copy of what was seeded."""
        seeded = self._environment["DATABASE_URL"]
        if self._given_database_url:
            return self._ending.enter_context(own_database(self._given_database_url, template=seeded))
        return f"sqlite:///{shutil.copy(self._folder / SEEDED_FILE, self._folder / f'{name}.sqlite3')}"

    def _seed(self) -> Seeded:
        addresses = [f"http://127.0.0.1:{port}" for port in (self._app_port, self.speech_app_port)]
        command = [sys.executable, "-m", "bench.seed", str(self._users), *addresses]
        done = subprocess.run(  # noqa: S603 - our own command
            command, env=self._environment, cwd=ROOT, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"The database could not be seeded:\n{done.stderr[-2000:]}")
        return Seeded(**json.loads(done.stdout))


async def _has_engine(client: "redis.asyncio.Redis", pid: int) -> bool:
    names = await client.keys("*:speech-worker:*")
    entries = await client.mget(names) if names else []
    workers = [msgspec.json.decode(entry, type=WorkerFacts) for entry in entries if entry]
    return any(
        engine.kind == "speech" and engine.state == "ready"
        for worker in workers
        if worker.pid == pid
        for engine in worker.engines
    )


@contextlib.contextmanager
def own_database(url: str, template: str = "") -> Iterator[str]:
    """Make a database beside the one `url` names, as a copy of the one `template` names; drop it afterwards."""
    name = f"bench_{secrets.token_hex(4)}"
    copied = f' TEMPLATE "{urlsplit(template).path[1:]}"' if template else ""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"{copied}')
    try:
        yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
