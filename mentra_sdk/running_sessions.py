"""The sessions of all users of one app. Knows when a session begins, goes on or ends; no HTTP."""

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

from mentra_sdk.dialing import Identity, Timing
from mentra_sdk.errors import ConnectionFailed, Ending, StopReason
from mentra_sdk.handlers import Tasks
from mentra_sdk.session import MentraSession
from mentra_sdk.session_run import OnStart, SessionRun
from mentra_sdk.webhooks import SessionRequest, StopRequest

FAREWELL_SECONDS = 30

OnEnd = Callable[[MentraSession, Ending], Awaitable[None]]


class RunningSessions:
    """One SessionRun per session id. `on_start` and `on_end` are the author's code, already guarded."""

    def __init__(
        self, *, package_name: str, api_key: str, timing: Timing, on_start: OnStart, on_end: OnEnd
    ) -> None:
        self._package_name = package_name
        self._api_key = api_key
        self._timing = timing
        self._on_start = on_start
        self._on_end = on_end
        self._runs: dict[str, SessionRun] = {}
        self._ends: dict[SessionRun, asyncio.Task[None]] = {}
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._tasks = Tasks()
        self._is_open = True

    def list_sessions(self) -> list[MentraSession]:
        """Return the sessions that the author's code has seen and not yet lost."""
        return [run.session for run in self._runs.values() if run.has_started]

    def find_session(self, user_id: str) -> MentraSession | None:
        """Return the user's session, if the author's code has one."""
        return next((session for session in self.list_sessions() if session.user_id == user_id), None)

    async def start(self, request: SessionRequest) -> None:
        """Connect for a user; raises ConnectionFailed.

        A session that lost its connection goes on where it was. One that is still acknowledged is a
        leftover, because the cloud only asks when it knows of none: it ends and a new one takes its place.
        """
        self._must_be_open()
        if not request.url:
            raise ConnectionFailed("the webhook names no address to connect to")
        async with self._turn_of(request.session_id):
            run = self._runs.get(request.session_id)
            if run is not None and not run.is_attached:
                await run.resume(request.url)
                return
            if run is not None:
                await self._replace(run, request.url)
            await self._begin(request, request.url)

    async def stop(self, request: StopRequest, *, wait_seconds: float) -> None:
        """End a session on the cloud's word and wait a little for the author's code to finish."""
        run = self._runs.get(request.session_id)
        if run is None:
            async with self._turn_of(request.session_id):
                run = self._runs.get(request.session_id)
        if run is not None:
            run.finish(Ending(request.reason))
            await asyncio.wait({self._ends[run]}, timeout=wait_seconds)

    def save_settings(self, user_id: str, entries: list[dict[str, object]]) -> int:
        """Give changed settings to the user's sessions; return how many there are."""
        concerned = [run for run in self._runs.values() if run.session.user_id == user_id]
        for run in concerned:
            run.session.settings.merge(entries)
        return len(concerned)

    def open(self) -> None:
        """Take users, also after a `close`."""
        self._is_open = True

    async def abandon(self) -> None:
        """Drop every session as a crash does: nobody is told, nothing is stored."""
        for run, end in list(self._ends.items()):
            end.cancel()
            await run.abandon()
            await asyncio.wait({end})

    async def close(self) -> None:
        """End every session because this server goes away; the cloud may bring them back later."""
        self._is_open = False
        runs = list(self._runs.values())
        for run in runs:
            run.finish(Ending(StopReason.SHUTDOWN))
        if self._ends:
            await asyncio.wait(set(self._ends.values()))
        await asyncio.gather(*(run.until_closed() for run in runs))

    def _must_be_open(self) -> None:
        if not self._is_open:
            raise ConnectionFailed("the app is shutting down")

    def _turn_of(self, session_id: str) -> asyncio.Lock:
        return self._turns.setdefault(session_id, asyncio.Lock())

    async def _begin(self, request: SessionRequest, url: str) -> None:
        identity = Identity(
            user_id=request.user_id,
            session_id=request.session_id,
            package_name=self._package_name,
            api_key=self._api_key,
        )
        run = SessionRun(url, identity, timing=self._timing, on_start=self._on_start)
        await run.open()
        try:
            self._must_be_open()
        except ConnectionFailed:
            run.finish(Ending(StopReason.SHUTDOWN))
            raise
        self._runs[request.session_id] = run
        self._ends[run] = self._tasks.spawn(self._accompany(run))

    async def _replace(self, run: SessionRun, url: str) -> None:
        if urlsplit(run.url).netloc != urlsplit(url).netloc:
            await run.release()
        run.finish(Ending(StopReason.REPLACED))
        await asyncio.wait({self._ends[run]})

    async def _accompany(self, run: SessionRun) -> None:
        try:
            ending = await run.live()
            if run.has_started:
                await self._say_goodbye(run.session, ending)
            await run.settle()
        finally:
            del self._ends[run]
            if self._runs.get(run.session.session_id) is run:
                del self._runs[run.session.session_id]

    async def _say_goodbye(self, session: MentraSession, ending: Ending) -> None:
        """Run the author's last code for a session; who never comes to an end holds nobody else up."""
        try:
            async with asyncio.timeout(FAREWELL_SECONDS):
                await self._on_end(session, ending)
        except TimeoutError:
            session.log.warning("the handler of on_stop was cancelled after %d s", FAREWELL_SECONDS)
