"""A mini app as a server: what the author writes against, and the HTTP routes the cloud calls."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator, Callable
from typing import TypeVar

from mentra_sdk.asgi import (
    Application,
    Receive,
    Scope,
    Send,
    follow_lifespan,
    mount_beside,
    refuse_socket,
    respond,
)
from mentra_sdk.cloud_calls import CloudCalls
from mentra_sdk.dialing import Timing
from mentra_sdk.errors import Ending
from mentra_sdk.handlers import call
from mentra_sdk.http_server import HttpServer
from mentra_sdk.routing import Router
from mentra_sdk.running_sessions import RunningSessions
from mentra_sdk.session import MentraSession
from mentra_sdk.tools import ToolCall, Tools

OnSession = TypeVar("OnSession", bound=Callable[[MentraSession], object])
OnStop = TypeVar("OnStop", bound=Callable[[MentraSession, str], object])
OnToolCall = TypeVar("OnToolCall", bound=Callable[[ToolCall], object])

logger = logging.getLogger("mentra_sdk")


class MiniAppServer:
    """A mini app. Run it with `run()`, inside a program with `start()` and `stop()`, or mount it as ASGI.

    `api_key` proves the app to the cloud; `webhook_secret` lets the app prove the cloud. Without a secret
    anyone who reaches the port can make the app connect to a server of theirs and hand over the key.
    """

    def __init__(
        self,
        *,
        package_name: str,
        api_key: str,
        port: int = 8010,
        host: str = "127.0.0.1",
        webhook_secret: str | None = None,
        timing: Timing | None = None,
    ) -> None:
        self.package_name = package_name
        self._webhook_secret = webhook_secret
        self._on_session: Callable[[MentraSession], object] | None = None
        self._on_stop: Callable[[MentraSession, str], object] | None = None
        self._http = HttpServer(self, host=host, port=port)
        self._running = RunningSessions(
            package_name=package_name,
            api_key=api_key,
            timing=timing or Timing(),
            on_start=self._start_author_code,
            on_end=self._stop_author_code,
        )
        self._tools = Tools()
        routes = CloudCalls(package_name, self._running, self._tools).list_routes()
        self._router = Router(routes, webhook_secret=webhook_secret)

    @property
    def port(self) -> int:
        """The port the app listens on."""
        return self._http.port

    @property
    def sessions(self) -> list[MentraSession]:
        """The sessions there are now."""
        return self._running.list_sessions()

    def on_session(self, handler: OnSession) -> OnSession:
        """Decorate the function that is called with each new session.

        It may return at once or run as long as the session does; it is cancelled when the session ends.
        """
        self._on_session = handler
        return handler

    def on_stop(self, handler: OnStop) -> OnStop:
        """Decorate the function that is called once, with session and reason, when a session is over. It has 30 s."""
        self._on_stop = handler
        return handler

    def on_tool_call(self, handler: OnToolCall) -> OnToolCall:
        """Decorate the function that is called with each ToolCall and returns the reply: text, or None for none.

        To refuse a call, raise ToolError with a sentence for the caller. It has 24 seconds.
        """
        self._tools.handler = handler
        return handler

    async def start(self) -> None:
        """Begin to serve and return; raises ServerError when the port cannot be used."""
        await self._http.start()

    async def stop(self) -> None:
        """End every session and stop serving; may be repeated, and started again."""
        await self._http.stop()
        await self._running.close()

    async def abandon(self) -> None:
        """Drop every session without a word to anybody, as a crash does; for tests (`MemoryCloud.crash`)."""
        await self._running.abandon()

    @contextlib.asynccontextmanager
    async def lifespan(self, host: object = None) -> AsyncIterator[None]:
        """Take users between entry and exit, and end their sessions at the exit: where the app is mounted.

        Frameworks do not tell what is mounted in them when they stop. Give them this, as in
        `FastAPI(lifespan=app.lifespan)`, or enter it in a lifespan of your own; `host` is not used.
        """
        if self._webhook_secret is None:
            logger.warning("%s has no webhook secret: webhooks are not verified", self.package_name)
        self._running.open()
        try:
            yield
        finally:
            await self._running.close()

    def beside(self, application: Application, *, prefix: str) -> Application:
        """Return an ASGI application that is this app below `prefix` and `application`, such as Django, elsewhere."""
        return mount_beside(self, application, prefix=prefix)

    def run(self) -> None:
        """Serve until Ctrl-C or SIGTERM."""
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(self._run())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection."""
        if scope["type"] == "lifespan":
            await follow_lifespan(receive, send, self.lifespan())
        elif scope["type"] == "http":
            await respond(send, await self._router.answer(scope, receive))
        else:
            await refuse_socket(receive, send)

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        stopping = asyncio.Event()
        # Windows has no signal handlers of the loop; there Ctrl-C cancels this task.
        with contextlib.suppress(NotImplementedError):
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.add_signal_handler(number, stopping.set)
        await self.start()
        logger.info("%s listens on port %d", self.package_name, self.port)
        try:
            await stopping.wait()
        finally:
            await self.stop()

    async def _start_author_code(self, session: MentraSession) -> None:
        if self._on_session is not None:
            await call(self._on_session, session.log, session)

    async def _stop_author_code(self, session: MentraSession, ending: Ending) -> None:
        session.log.info("the session is over: %s %s", ending.reason, ending.message)
        if self._on_stop is not None:
            await call(self._on_stop, session.log, session, ending.reason)
