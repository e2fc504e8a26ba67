"""A cloud in the author's test: it calls the app and is called by it as a real one, and forgets all at the end."""

import contextlib
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import Any, Self

import aiohttp

from mentra_sdk.server import MiniAppServer
from mentra_sdk.testing import streams
from mentra_sdk.testing.app_calls import AppCalls, AsgiApp, Message
from mentra_sdk.testing.app_run import AppRun, InstalledApp, State
from mentra_sdk.testing.glasses import Glasses
from mentra_sdk.testing.switchboard import Switchboard
from mentra_sdk.testing.waiting import PATIENCE_SECONDS
from mentra_sdk.testing.welcome import change_setting, with_values
from mentra_sdk.wire import iso_now

USUAL_USER = "ada@example.com"
HTTP_OK = 200
NORMAL_CLOSURE = 1000
USER_DISABLED = "user_disabled"
SYSTEM_STOP = "system_stop"

App = AsgiApp | str
"""An ASGI application in this process, or the address of a server."""


class MemoryCloud:
    """Speaks the protocol on a free port of this machine; use it as an async context manager.

    It keeps to what an app can notice: handshake, subscriptions, permissions, answers. It does not arbitrate:
    every drawing is shown at once, any number of apps run side by side, and no request is limited.
    """

    def __init__(self) -> None:
        self._installed: dict[int | str, InstalledApp] = {}
        self._calls: dict[str, AppCalls] = {}
        self._glasses: dict[str, Glasses] = {}
        self._switchboard = Switchboard(self._glasses)

    async def __aenter__(self) -> Self:
        await self._switchboard.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        for glasses in self._glasses.values():
            for run in [run for run in glasses.runs.values() if run.state is not State.STOPPED]:
                # A server that the test has ended already needs no stop.
                with contextlib.suppress(aiohttp.ClientError):
                    await self._stop(glasses, run, SYSTEM_STOP)
        await self._switchboard.close()

    @property
    def url(self) -> str:
        """The cloud's address for HTTP."""
        return self._switchboard.url

    @property
    def stored(self) -> Mapping[tuple[str, str], Mapping[str, str]]:
        """What apps stored, by package name and user."""
        return self._switchboard.rest.stored

    def install(
        self,
        app: App,
        *,
        package_name: str | None = None,
        permissions: Iterable[str | Mapping[str, Any]] = streams.ALL_PERMISSIONS,
        settings: Sequence[Mapping[str, Any]] = (),
        webhook_secret: str | None = None,
        api_key: str | None = None,
        path: str = "",
    ) -> None:
        """Make an app known; `start` does it by itself with the defaults.

        `permissions` are those it declares and `settings` its definitions, both as in `app_config.json`.
        `package_name` is needed where `app` is not a MiniAppServer, `path` where that is mounted below the root.
        With an `api_key` the app must show this key.
        """
        name = package_name or getattr(app, "package_name", None)
        if not isinstance(name, str):
            raise ValueError("whose app is this? install(app, package_name=…)")
        known = InstalledApp(name, streams.declared(permissions), with_values(settings), api_key)
        self._installed[_key(app)] = known
        self._calls[name] = AppCalls(app, path=path, webhook_secret=webhook_secret)

    def connect(self, user: str = USUAL_USER) -> Glasses:
        """Return the glasses of a user, who needs no app yet."""
        if user not in self._glasses:
            self._glasses[user] = Glasses(user, self._switchboard.save_file)
        return self._glasses[user]

    async def start(
        self, app: App, user: str = USUAL_USER, *, timeout_seconds: float = PATIENCE_SECONDS
    ) -> Glasses:
        """Start an app for a user; return the glasses once the app is attached and has subscribed.

        An app that subscribes later, after waiting for something, is waited for with `glasses.subscribed`.
        """
        glasses = self.connect(user)
        run = AppRun(self._find(app), user, glasses.changes)
        run.settings = [dict(entry) for entry in run.app.settings]
        glasses.runs[run.package_name] = run
        await self._call_start(run)
        await _until_attached(run, acks=1, timeout_seconds=timeout_seconds)
        return glasses

    async def stop(self, app: App, user: str = USUAL_USER, *, reason: str = USER_DISABLED) -> None:
        """Stop an app as its user does, and wait until its own code is done."""
        glasses, run = self._locate(app, user)
        await self._stop(glasses, run, reason)

    async def blip(self, app: App, user: str = USUAL_USER) -> None:
        """Break the app's connection without a word, and wait until it is back."""
        _, run = self._locate(app, user)
        acks = run.acks + 1
        self._switchboard.cut(run)
        await _until_attached(run, acks=acks)

    async def crash(self, app: MiniAppServer, *, restarted: App, user: str = USUAL_USER) -> None:
        """Let the app's process die, and start it again as `restarted`: the app built anew, with no memory.

        None of its code hears of it. The cloud calls the new one, which gets a new session and finds what was stored.
        """
        _, run = self._locate(app, user)
        self._switchboard.cut(run)
        await app.abandon()
        self._installed[_key(restarted)] = run.app
        self._calls[run.package_name] = self._calls[run.package_name].towards(restarted)
        run.subscriptions = None
        acks = run.acks + 1
        await self._call_start(run)
        await _until_attached(run, acks=acks)

    @contextlib.asynccontextmanager
    async def restarting(self) -> AsyncIterator[None]:
        """Restart the cloud: inside, apps are told to wait (app-socket §3.4); at the end all are back."""
        runs = [run for glasses in self._glasses.values() for run in glasses.runs.values() if run.link]
        acks = {run.session_id: run.acks + 1 for run in runs}
        self._switchboard.go_away()
        yield
        self._switchboard.come_back()
        for run in runs:
            await _until_attached(run, acks=acks[run.session_id])

    async def change_setting(self, app: App, key: str, value: Any, user: str = USUAL_USER) -> None:
        """Change a setting of the app, as its user does."""
        _, run = self._locate(app, user)
        values = change_setting(run, key, value)
        await self._calls[run.package_name].post("/settings", {"userIdForSettings": user, "settings": values})

    async def call_tool(
        self, app: App, tool_id: str, user: str = USUAL_USER, **parameters: Any
    ) -> str | None:
        """Call a tool of the app, as an assistant does; return its reply. AssertionError when the app fails."""
        body = {"toolId": tool_id, "toolParameters": parameters, "userId": user, "timestamp": iso_now()}
        status, answer = await self._calls[self._find(app).package_name].post("/tool", body)
        if status != HTTP_OK:
            raise AssertionError(f"the tool {tool_id} failed with {status}: {answer}")
        return answer.get("reply")

    async def _stop(self, glasses: Glasses, run: AppRun, reason: str) -> None:
        run.send("app_stopped", reason=reason)
        run.state = State.STOPPED
        body = {"type": "stop_request", "sessionId": run.session_id, "userId": run.user_id, "reason": reason}
        await self._calls[run.package_name].post("/webhook", {**body, "timestamp": iso_now()})
        self._switchboard.hang_up(run, NORMAL_CLOSURE, "App stopped")
        glasses.requests.forget(run)

    async def _call_start(self, run: AppRun) -> None:
        body: Message = {"type": "session_request", "sessionId": run.session_id, "userId": run.user_id}
        for name in ("websocketUrl", "mentraOSWebsocketUrl"):
            body[name] = self._switchboard.socket_url
        status, answer = await self._calls[run.package_name].post(
            "/webhook", {**body, "timestamp": iso_now()}
        )
        if status != HTTP_OK:
            raise AssertionError(f"{run.package_name} answered its start with {status}: {answer}")

    def _find(self, app: App) -> InstalledApp:
        if _key(app) not in self._installed:
            self.install(app)
        return self._installed[_key(app)]

    def _locate(self, app: App, user: str) -> tuple[Glasses, AppRun]:
        glasses = self.connect(user)
        run = glasses.runs.get(self._find(app).package_name)
        if run is None:
            raise AssertionError(f"the app was not started for {user}")
        return glasses, run


def _key(app: App) -> int | str:
    return app if isinstance(app, str) else id(app)


async def _until_attached(run: AppRun, *, acks: int, timeout_seconds: float = PATIENCE_SECONDS) -> None:
    def find() -> bool | None:
        return (run.is_settled and run.acks >= acks) or None

    await run.changes.until(find, lambda: f"not there in time: {run.describe()}", timeout_seconds)
