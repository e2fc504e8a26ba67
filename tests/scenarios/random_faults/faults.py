"""What is broken on purpose, and when it works again: processes, Redis, database connections, app servers."""

import asyncio
import contextlib
import signal
import time
from collections.abc import Awaitable, Callable, Sequence

import psutil
import redis.asyncio
from redis.exceptions import RedisError

from mentra_site.settings.data_folder import private_redis_url
from tests.scenarios.random_faults.app_servers import MiniApp
from tests.scenarios.random_faults.history import Fault, History
from tests.scenarios.random_faults.plan import Step, pick
from tests.scenarios.random_faults.quiet_spells import node_name
from tests.scenarios.random_faults.rows import Database
from tests.support.cloud import Cloud

LONGEST_FREEZE_SECONDS = 5.0
LONGEST_OUTAGE_SECONDS = 5.0
POLL_SECONDS = 0.1
GATEWAY_ERRORS = ("502", "503")


class Faults:
    """Carries out the machine steps of a plan. Each returns once what it broke works again."""

    def __init__(self, cloud: Cloud, apps: Sequence[MiniApp], database: Database, history: History) -> None:
        self._cloud = cloud
        self._apps = apps
        self._database = database
        self._history = history
        self._broken: set[str] = set()
        self._actions: dict[str, Callable[[Step], Awaitable[None]]] = {
            "kill_node": self._kill_node,
            "stop_node": self._stop_node,
            "freeze_node": self._freeze_node,
            "kill_worker": lambda _: self._kill_part("celery", "worker"),
            "kill_beat": lambda _: self._kill_part("celery", "beat"),
            "freeze_worker": self._freeze_worker,
            "kill_redis": self._kill_redis,
            "freeze_redis": self._freeze_redis,
            "cut_database": self._cut_database,
            "crash_app": self._crash_app,
            "roll_app": self._roll_app,
            "cut_app": self._cut_app,
        }

    async def play(self, step: Step) -> None:
        """Break something and note from when to when; what is already broken is left alone."""
        target, began = self._target(step), time.time()
        if target in self._broken:
            return
        self._broken.add(target)
        try:
            await self._actions[step.action](step)
        finally:
            self._broken.discard(target)
            self._history.note(Fault(at=began, ended=time.time(), target=target, what=step.action))

    def _target(self, step: Step) -> str:
        if step.action.endswith("_node"):
            return node_name(self._node(step))
        if step.action.endswith("_app"):
            return self._app(step).package_name
        return step.action.partition("_")[2]

    def _node(self, step: Step) -> int:
        return int(step.choice * self._cloud.nodes)

    def _app(self, step: Step) -> MiniApp:
        return self._apps[int(step.choice * len(self._apps))]

    async def _kill_node(self, step: Step) -> None:
        await self._end_node(self._node(step), signal.SIGKILL)

    async def _stop_node(self, step: Step) -> None:
        await self._end_node(self._node(step), signal.SIGTERM)

    async def _end_node(self, number: int, how: signal.Signals) -> None:
        victim = await asyncio.to_thread(self._find_node, number)
        if victim is None:
            return
        with contextlib.suppress(psutil.NoSuchProcess):
            victim.send_signal(how)
            await asyncio.to_thread(victim.wait, 30)
        await self._until(lambda: self._node_answers(number))

    async def _freeze_node(self, step: Step) -> None:
        victim = await asyncio.to_thread(self._find_node, self._node(step))
        await self._freeze([victim] if victim is not None else [], step)
        await self._until(lambda: self._node_answers(self._node(step)))

    async def _freeze_worker(self, step: Step) -> None:
        with contextlib.suppress(AssertionError, psutil.NoSuchProcess):
            await self._freeze([await asyncio.to_thread(self._cloud.part, "celery", "worker")], step)

    async def _freeze_redis(self, step: Step) -> None:
        await self._freeze(await asyncio.to_thread(self._find_redis), step)
        await self._until(self._redis_answers)

    async def _freeze(self, victims: Sequence[psutil.Process], step: Step) -> None:
        """Have processes stand still for a while; a kill meanwhile is allowed."""
        for victim in victims:
            with contextlib.suppress(psutil.NoSuchProcess):
                victim.suspend()
        try:
            await asyncio.sleep(step.amount * LONGEST_FREEZE_SECONDS)
        finally:
            for victim in victims:
                with contextlib.suppress(psutil.NoSuchProcess):
                    victim.resume()

    async def _kill_part(self, *words: str) -> None:
        with contextlib.suppress(AssertionError, psutil.NoSuchProcess):
            victim = await asyncio.to_thread(self._cloud.part, *words)
            victim.kill()
            await asyncio.to_thread(victim.wait, 5)

    async def _kill_redis(self, _: Step) -> None:
        for process in await asyncio.to_thread(self._find_redis):
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        await self._until(self._redis_answers)

    async def _cut_database(self, _: Step) -> None:
        await asyncio.to_thread(self._database.cut_connections)

    async def _crash_app(self, step: Step) -> None:
        await self._app(step).crash(step.amount * LONGEST_OUTAGE_SECONDS)

    async def _roll_app(self, step: Step) -> None:
        status = int(pick(step.amount, GATEWAY_ERRORS))
        await self._app(step).roll(step.amount * LONGEST_OUTAGE_SECONDS, status)

    async def _cut_app(self, step: Step) -> None:
        self._app(step).cut()

    def _find_node(self, number: int) -> psutil.Process | None:
        try:
            return self._cloud.node(number)
        except (AssertionError, psutil.NoSuchProcess):
            return None

    def _find_redis(self) -> list[psutil.Process]:
        return [process for process in self._cloud.processes() if "redis" in _name_of(process)]

    async def _until(self, holds: Callable[[], Awaitable[bool]]) -> None:
        """Wait until something works again; the time-out of the test ends it when it never does."""
        while not await holds():  # noqa: ASYNC110 - another process has no event to wait for
            await asyncio.sleep(POLL_SECONDS)

    async def _node_answers(self, number: int) -> bool:
        try:
            async with asyncio.timeout(2):
                reader, writer = await asyncio.open_connection("127.0.0.1", self._cloud.port + number)
                writer.write(b"GET /livez HTTP/1.0\r\n\r\n")
                status = await reader.readline()
                writer.close()
        except (OSError, TimeoutError):
            return False
        return b" 200 " in status

    async def _redis_answers(self) -> bool:
        url = private_redis_url(self._cloud.data_dir)
        try:
            async with redis.asyncio.from_url(url, socket_connect_timeout=1, socket_timeout=1) as client:
                return bool(await client.ping())
        except (RedisError, OSError):
            return False


def _name_of(process: psutil.Process) -> str:
    with contextlib.suppress(psutil.NoSuchProcess):
        return str(process.name())
    return ""
