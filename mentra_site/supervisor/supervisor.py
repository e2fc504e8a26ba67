"""The order in which the parts of one machine start, live and stop."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable, Coroutine, Iterable
from contextlib import suppress
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from mentra_site.servers.listener import open_listener
from mentra_site.settings.data_folder import private_redis_url
from mentra_site.supervisor import demo, processes
from mentra_site.supervisor.background import run_in_background
from mentra_site.supervisor.child import Child, ChildSpec
from mentra_site.supervisor.console import Console
from mentra_site.supervisor.database import prepare_database
from mentra_site.supervisor.errors import StartFailed
from mentra_site.supervisor.holder import hold_data_folder, recorded_run
from mentra_site.supervisor.options import UpOptions
from mentra_site.supervisor.private_redis import private_redis, wait_for_redis
from mentra_site.supervisor.readiness import (
    accepts_connections,
    answers_livez,
    has_reported,
    wait_until_ready,
)
from mentra_site.supervisor.shutdown import end_sessions, end_what_is_left
from sessions_app.media_servers.local.programs import HOW_TO_INSTALL, find_ffmpeg

REDIS_START_SECONDS = 10.0
NODE_STOP_SECONDS = 10.0
DISPOSE_SECONDS = 8.0
OTHERS_STOP_SECONDS = 3.0
SPEECH_STOP_SECONDS = 6.0
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run_cloud(options: UpOptions) -> None:
    """Run the cloud until SIGINT, SIGTERM or SIGHUP; raise StartFailed when it cannot start."""
    with hold_data_folder(options.data_dir, options.url):
        check_ports(options.host, options.ports)
        if options.media:
            check_media()
        asyncio.run(Supervisor(options, Console()).run())


def check_ports(host: str, ports: Iterable[int]) -> None:
    """Refuse an address nobody can listen on, before anything is started."""
    for port in ports:
        try:
            open_listener(host, port).close()
        except OSError as error:
            raise StartFailed(
                f"cannot listen on {host} port {port} ({error.strerror}); "
                "stop what listens there or choose another by --host and --port."
            ) from error


def check_media() -> None:
    """Refuse to start live video without the program that does the work, or where others listen."""
    if find_ffmpeg(settings.MEDIA_FFMPEG) is None:
        raise StartFailed(HOW_TO_INSTALL)
    check_ports(settings.MEDIA_SERVER_HOST, (settings.MEDIA_SERVER_PORT, settings.MEDIA_RTMP_PORT))


class Supervisor:
    """Holds the children of one `up`."""

    def __init__(self, options: UpOptions, console: Console) -> None:
        self._options = options
        self._console = console
        self._environment = processes.shared_environment(options)
        self._redis: Child | None = None
        self._nodes: list[Child] = []
        self._others: list[Child] = []
        self._speech: list[Child] = []
        self._is_announced = False
        self._introduction = ""

    async def run(self) -> None:
        """Start everything, say so, wait for a stop signal, stop everything."""
        stop = _on_stop_signals()
        starting = asyncio.create_task(self._start())
        stopping = asyncio.create_task(stop.wait())
        record = {
            "url": self._options.url,
            "nodes": [self._options.address(port) for port in self._options.ports],
            "pid": os.getpid(),
            "redis_url": settings.REDIS_URL,
        }
        try:
            await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if starting.done():
                await starting
                with recorded_run(self._options.data_dir, record):
                    self._announce()
                    await stopping
        finally:
            starting.cancel()
            await asyncio.gather(starting, return_exceptions=True)
            await self._stop_or_kill(_on_stop_signals())

    async def _start(self) -> None:
        """Start what is needed; return once everything answers."""
        started_at = time.time()
        if private_redis_url(self._options.data_dir) == settings.REDIS_URL:
            self._redis = await self._launch(private_redis(self._options.data_dir, self._environment))
        await _together(
            wait_for_redis(settings.REDIS_URL, REDIS_START_SECONDS if self._redis else 0.0),
            run_in_background(prepare_database),
        )
        for spec in processes.nodes(self._options, self._environment):
            self._nodes.append(await self._launch(spec))
        worker = await self._launch(processes.worker(self._environment))
        self._others.append(worker)
        beat = await self._launch(processes.beat(self._options, self._environment))
        self._others.append(beat)
        for spec in processes.speech_workers(self._options, self._environment):
            self._speech.append(await self._launch(spec))
        await _together(
            self._start_demo(),
            self._start_media(),
            *(
                wait_until_ready(child, has_reported(settings.REDIS_URL, _heartbeat_key(child), started_at))
                for child in (worker, beat)
            ),
            *(
                wait_until_ready(node, answers_livez(self._dial_host(), port))
                for node, port in zip(self._nodes, self._options.ports, strict=True)
            ),
        )

    async def _start_media(self) -> None:
        if not self._options.media:
            return
        media = await self._launch(processes.media_server(self._environment))
        self._others.append(media)
        address = urlsplit(settings.MEDIA_SERVER_URL)
        await wait_until_ready(media, answers_livez(address.hostname or "", address.port or 80))

    async def _start_demo(self) -> None:
        if not self._options.demo:
            return
        loaded = await run_in_background(partial(demo.load, self._options))
        children = [await self._launch(app.process(self._environment)) for app in loaded.apps]
        self._others += children
        await _together(
            *(
                wait_until_ready(child, accepts_connections("127.0.0.1", app.port))
                for app, child in zip(loaded.apps, children, strict=True)
            )
        )
        self._introduction = demo.introduce(loaded, self._options)

    async def _launch(self, spec: ChildSpec) -> Child:
        child = Child(spec, self._console)
        try:
            await child.start()
        except OSError as error:
            raise StartFailed(f"{spec.name} cannot be started: {error}.") from error
        return child

    def _announce(self) -> None:
        self._is_announced = True
        with suppress(OSError):
            sys.stdout.write(f"READY {self._options.url}\n")
            sys.stdout.flush()
        if self._introduction:
            self._console.show_block(self._introduction)

    def _dial_host(self) -> str:
        return self._options.url.removeprefix("http://").rpartition(":")[0].strip("[]")

    async def _stop_or_kill(self, again: asyncio.Event) -> None:
        """Stop in order; a second signal of the operator cuts it short."""
        orderly = asyncio.create_task(self._stop_everything())
        impatient = asyncio.create_task(again.wait())
        await asyncio.wait({orderly, impatient}, return_when=asyncio.FIRST_COMPLETED)
        if not orderly.done():
            self._console.say("stopping at once.")
            orderly.cancel()
            await asyncio.wait({orderly})
            await _together(*(child.stop(0) for child in self._children()))
        impatient.cancel()

    async def _stop_everything(self) -> None:
        """Nodes first so that they drain, then what serves them, Redis last."""
        self._console.say("stopping.")
        disposes = self._is_announced and settings.SESSIONS_ON_SHUTDOWN == "dispose"
        if disposes:
            node_ids = [node.spec.environment["NODE_ID"] for node in self._nodes]
            await self._within_reason(partial(end_sessions, node_ids, "shutdown"))
        await _together(*(node.stop(NODE_STOP_SECONDS) for node in self._nodes))
        if disposes:
            await self._within_reason(partial(end_what_is_left, "shutdown"))
        await _together(
            *(child.stop(OTHERS_STOP_SECONDS) for child in self._others),
            *(child.stop(SPEECH_STOP_SECONDS) for child in self._speech),
        )
        if self._redis is not None:
            await self._redis.stop(OTHERS_STOP_SECONDS)

    async def _within_reason(self, disposal: Callable[[], None]) -> None:
        """Dispose sessions; the rest must stop whatever goes wrong with it."""
        try:
            async with asyncio.timeout(DISPOSE_SECONDS):
                await run_in_background(disposal)
        except Exception as error:  # noqa: BLE001
            self._console.say(f"not every session could be disposed ({error!r}); their grace period goes on.")

    def _children(self) -> list[Child]:
        return [*self._nodes, *self._others, *self._speech, *([self._redis] if self._redis else [])]


def _heartbeat_key(child: Child) -> str:
    return f"{settings.REDIS_KEY_PREFIX}:{child.name}:heartbeat"


def _on_stop_signals() -> asyncio.Event:
    """Return an event that the next stop signal sets."""
    event = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in STOP_SIGNALS:
        loop.add_signal_handler(number, event.set)
    return event


async def _together(*steps: Coroutine[Any, Any, None]) -> None:
    """Run all steps side by side; the first failure ends the others and is raised."""
    try:
        async with asyncio.TaskGroup() as group:
            for step in steps:
                group.create_task(step)
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None
