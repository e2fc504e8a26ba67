"""Texts and values the app keeps about the user, in the cloud; there at the user's next session, on whatever server."""

import asyncio
from collections.abc import Mapping
from typing import Any, Protocol

import msgspec

from mentra_sdk.errors import StorageFailed
from mentra_sdk.handlers import Log, Tasks

MOST_VALUE_UNITS = 100_000
REST_SECONDS = 3.0
MOST_SECONDS = 10.0
LAST_WRITE_SECONDS = 3.0
NOT_FOUND = 404


class Ask(Protocol):
    """A call to the cloud."""

    async def __call__(self, method: str, key: str | None = None, body: object = None) -> bytes:
        """Return the answer's body; raises StorageFailed."""


class _All(msgspec.Struct):
    data: dict[str, str]


class Storage:
    """Texts by key, and values as JSON; at most 100,000 characters each. What is set is seen at once and written soon.

    It is written three seconds after the last change, at most ten after the first, and when the session ends. What the
    cloud refuses for good is logged and given up; what it cannot take now is tried again.
    """

    def __init__(
        self,
        ask: Ask,
        tasks: Tasks,
        log: Log,
        *,
        rest_seconds: float = REST_SECONDS,
        most_seconds: float = MOST_SECONDS,
    ) -> None:
        self._ask = ask
        self._tasks = tasks
        self._log = log
        self._rest_seconds = rest_seconds
        self._most_seconds = most_seconds
        self._stored: dict[str, str] | None = None
        self._on_its_way: dict[str, str] = {}
        self._changed: dict[str, str] = {}
        self._latest: float | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._turn = asyncio.Lock()
        self._is_over = False

    async def get(self, key: str, default: str | None = None) -> str | None:
        """Return what is stored under `key`, or `default`; raises StorageFailed when it cannot be read."""
        return (await self.all()).get(key, default)

    async def get_json(self, key: str, default: Any = None) -> Any:
        """Return the value stored under `key` as JSON; raises StorageFailed, ValueError when it is no JSON."""
        text = await self.get(key)
        return default if text is None else msgspec.json.decode(text)

    async def has(self, key: str) -> bool:
        """Tell whether something is stored under `key`; raises StorageFailed."""
        return key in await self.all()

    async def keys(self) -> list[str]:
        """Return all keys; raises StorageFailed."""
        return list(await self.all())

    async def all(self) -> dict[str, str]:
        """Return a copy of all there is; raises StorageFailed when it cannot be read."""
        if self._stored is None:
            async with self._turn:
                await self._load()
        return {**(self._stored or {}), **self._on_its_way, **self._changed}

    def set(self, key: str, value: Any) -> None:
        """Store a text under `key`, soon, or any other value as its JSON, which `get_json` reads.

        Raises ValueError or TypeError for what cannot be stored.
        """
        self.set_multiple({key: value})

    def set_multiple(self, values: Mapping[str, Any]) -> None:
        """Store several values, all or none; see `set`."""
        if self._is_over:
            raise StorageFailed("the session is over")
        self._changed.update({key: _as_text(key, value) for key, value in values.items()})
        now = asyncio.get_running_loop().time()
        if self._latest is None:
            self._latest = now + self._most_seconds
        self._write_at(min(now + self._rest_seconds, self._latest))

    async def delete(self, key: str) -> None:
        """Delete what is stored under `key`, now; raises StorageFailed."""
        async with self._turn:
            unwritten = self._changed.pop(key, None)
            try:
                await self._ask("DELETE", key)
            except StorageFailed as problem:
                if problem.status != NOT_FOUND:
                    self._give_back({} if unwritten is None else {key: unwritten})
                    raise
            if self._stored is not None:
                self._stored.pop(key, None)

    async def clear(self) -> None:
        """Delete everything, now; raises StorageFailed."""
        async with self._turn:
            unwritten, self._changed = self._changed, {}
            try:
                await self._ask("DELETE")
            except StorageFailed:
                self._give_back(unwritten)
                raise
            self._stored = {}

    async def flush(self) -> None:
        """Write what was set and not yet written, now; raises StorageFailed."""
        async with self._turn:
            self._stop_timer()
            self._latest = None
            if not self._changed:
                return
            self._on_its_way, self._changed = self._changed, {}
            try:
                await self._ask("PUT", body={"data": self._on_its_way})
                if self._stored is not None:
                    self._stored.update(self._on_its_way)
            except BaseException as problem:
                # Also when the session ends in the middle of it: then nobody knows what was written.
                if isinstance(problem, StorageFailed) and problem.is_final:
                    self._stored = None
                else:
                    self._give_back(self._on_its_way)
                raise
            finally:
                self._on_its_way = {}

    async def close(self) -> None:
        """Write what is left; nothing is taken any more."""
        self._is_over = True
        self._stop_timer()
        try:
            async with asyncio.timeout(LAST_WRITE_SECONDS):
                await self.flush()
        except (StorageFailed, TimeoutError) as problem:
            self._log.error("what was stored last is lost: %s", str(problem) or "no answer in time")

    def abandon(self) -> None:
        """Write nothing any more, not even what is left: the app crashed."""
        self._is_over = True
        self._stop_timer()
        self._changed = {}

    async def _load(self) -> None:
        if self._stored is not None:
            return
        try:
            self._stored = msgspec.json.decode(await self._ask("GET"), type=_All).data
        except msgspec.DecodeError as problem:
            raise StorageFailed(f"the cloud's storage cannot be read: {problem}") from problem

    async def _write(self) -> None:
        try:
            await self.flush()
        except StorageFailed as problem:
            self._log.warning("%s", problem)
            if not problem.is_final and not self._is_over:
                wait = problem.retry_after_seconds or self._most_seconds
                self._write_at(asyncio.get_running_loop().time() + wait)

    def _give_back(self, unwritten: dict[str, str]) -> None:
        self._changed = {**unwritten, **self._changed}

    def _write_at(self, moment: float) -> None:
        self._stop_timer()
        loop = asyncio.get_running_loop()
        self._timer = loop.call_at(moment, lambda: self._tasks.spawn(self._write()))

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _as_text(key: str, value: Any) -> str:
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    if not key.encode() or len(text.encode("utf-16-le")) // 2 > MOST_VALUE_UNITS:
        raise ValueError(f"a key is not empty, and a value has at most {MOST_VALUE_UNITS} characters")
    return text
