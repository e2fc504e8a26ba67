"""Servers of mini apps, of family A or C, for all users: webhooks, memory, crashes (lifecycle §4, app-socket §1)."""

import asyncio
from collections.abc import Sequence

from aiohttp import web

from tests.scenarios.random_faults.app_lines import Identity, NotConnected
from tests.scenarios.random_faults.app_sessions import AppSession
from tests.scenarios.random_faults.history import History, WebhookCame
from tests.support.app_server import AppServer

DEFAULT_STREAMS = ("button_press", "head_position", "switch_status")
RELEASE_SECONDS = 0.1


class MiniApp(AppServer):
    """One app's server. It holds one session per user in memory, as the official SDKs do."""

    def __init__(self, history: History) -> None:
        super().__init__()
        self.identity = Identity("", "", "A", 0)
        self.sessions: dict[str, AppSession] = {}
        self._history = history
        self._leaving: set[asyncio.Task[None]] = set()

    @property
    def package_name(self) -> str:
        return self.identity.package_name

    async def subscribe(self, user: str, streams: Sequence[str]) -> None:
        """Replace what the app wants to hear of a user."""
        session = self.sessions.get(user)
        if session is not None:
            await session.subscribe(tuple(streams))

    async def draw(self, user: str) -> None:
        """Draw something on the user's glasses."""
        session = self.sessions.get(user)
        if session is not None:
            await session.draw()

    def blip(self, user: str) -> None:
        """Lose the socket of one user."""
        session = self.sessions.get(user)
        if session is not None:
            session.blip()

    def cut(self) -> None:
        """Lose the sockets of all users; the server goes on."""
        for session in self.sessions.values():
            session.blip()

    async def crash(self, seconds: float) -> None:
        """Lose sockets and memory, refuse connections for a while, start anew."""
        self._forget_all(abruptly=True)
        await self.stop()
        await asyncio.sleep(seconds)
        await self.start()

    async def roll(self, seconds: float, status: int) -> None:
        """Be replaced by a new process: sockets closed in order, a proxy in front answers `status` meanwhile."""
        self.status = status
        self._forget_all(abruptly=False)
        await asyncio.sleep(seconds)
        self.status = 200

    async def end(self) -> None:
        """Stop for good."""
        self._forget_all(abruptly=True)
        await self.stop()
        await asyncio.gather(*self._leaving, return_exceptions=True)

    def _forget_all(self, *, abruptly: bool) -> None:
        sessions, self.sessions = list(self.sessions.values()), {}
        for session in sessions:
            self._leave(session, abruptly=abruptly)

    def _leave(self, session: AppSession, *, abruptly: bool) -> None:
        task = asyncio.create_task(session.end(abruptly=abruptly))
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)

    async def _on_webhook(self, request: web.Request) -> web.Response:
        body = await request.json()
        kind, user, status = body["type"], body["userId"], self.status
        if status == web.HTTPOk.status_code:
            if kind == "session_request":
                status = await self._on_session_request(user, body["websocketUrl"])
            else:
                self._on_stop_request(user)
        self._history.note(WebhookCame(user=user, package=self.package_name, kind=kind, status=status))
        return web.json_response(
            {"status": "success" if status == web.HTTPOk.status_code else "error"}, status=status
        )

    async def _on_session_request(self, user: str, url: str) -> int:
        former = self.sessions.pop(user, None)
        if former is not None:
            await former.release()
            await asyncio.sleep(RELEASE_SECONDS)
            self._leave(former, abruptly=False)
        session = AppSession(
            self.identity, user, url, streams=DEFAULT_STREAMS, history=self._history, over=self._over
        )
        kept = self.sessions.get(user)
        self.sessions[user] = session
        try:
            await session.connect()
        except NotConnected:
            self._over(session, kept)
            self._leave(session, abruptly=True)
            return web.HTTPInternalServerError.status_code
        return web.HTTPOk.status_code

    def _on_stop_request(self, user: str) -> None:
        session = self.sessions.pop(user, None)
        if session is not None:
            self._leave(session, abruptly=False)

    def _over(self, session: AppSession, kept: AppSession | None = None) -> None:
        """A session ended for good; an SDK goes on with the one it `kept`: a new one counts once connected."""
        if self.sessions.get(session.user) is session:
            del self.sessions[session.user]
            if kept is not None and kept.is_seated:
                self.sessions[session.user] = kept
