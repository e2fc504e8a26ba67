"""A mini app as a server: what the author writes against, and the HTTP routes the cloud calls."""

import asyncio
import contextlib
import logging
import signal
import time
from collections.abc import Callable
from typing import TypeVar

from mentra_sdk import webhooks
from mentra_sdk.asgi import (
    Answer,
    BodyTooLarge,
    Receive,
    Scope,
    Send,
    follow_lifespan,
    get_path,
    read_body,
    respond,
)
from mentra_sdk.dialing import Timing
from mentra_sdk.errors import ConnectionFailed, Ending, InvalidSignature, MalformedMessage
from mentra_sdk.handlers import call
from mentra_sdk.http_server import HttpServer
from mentra_sdk.running_sessions import RunningSessions
from mentra_sdk.session import MentraSession, SessionLog

OnSession = TypeVar("OnSession", bound=Callable[[MentraSession], object])
OnStop = TypeVar("OnStop", bound=Callable[[MentraSession, str], object])

ALIAS_PREFIX = "/api/_mentraos"
STOP_ANSWER_SECONDS = 4

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
        """Decorate the function that is called once, with session and reason, when a session is over."""
        self._on_stop = handler
        return handler

    async def start(self) -> None:
        """Begin to serve and return; raises ServerError when the port cannot be used."""
        if self._webhook_secret is None:
            logger.warning("%s has no webhook secret: webhooks are not verified", self.package_name)
        await self._http.start()

    async def stop(self) -> None:
        """End every session and stop serving; where the app is mounted, call it at the end."""
        await self._http.stop()
        await self._running.close()

    def run(self) -> None:
        """Serve until Ctrl-C or SIGTERM."""
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(self._run())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection."""
        if scope["type"] == "lifespan":
            await follow_lifespan(receive, send, self._running.close)
        elif scope["type"] == "http":
            await respond(send, await self._answer(scope, receive))

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

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        route = (scope["method"], get_path(scope).removeprefix(ALIAS_PREFIX))
        if route == ("GET", "/health"):
            return self._describe_health()
        if route not in (("POST", "/webhook"), ("POST", "/settings")):
            return Answer(404, _failure("There is nothing here"))
        try:
            body = await read_body(receive)
            self._verify(dict(scope["headers"]), body)
            return await self._take_webhook(body) if route[1] == "/webhook" else self._take_settings(body)
        except BodyTooLarge:
            return Answer(413, _failure("The request is too large"))
        except InvalidSignature as problem:
            return Answer(401, _failure(str(problem)))

    def _describe_health(self) -> Answer:
        count = len(self.sessions)
        return Answer(200, {"status": "healthy", "app": self.package_name, "activeSessions": count})

    def _verify(self, headers: dict[bytes, bytes], body: bytes) -> None:
        if self._webhook_secret is not None:
            webhooks.verify(self._webhook_secret, headers, body, int(time.time() * 1000))

    async def _take_webhook(self, body: bytes) -> Answer:
        try:
            webhook = webhooks.decode_webhook(body)
        except MalformedMessage as problem:
            logger.warning("refused a webhook: %s", problem)
            return Answer(400, _failure("Unknown webhook request type"))
        if isinstance(webhook, webhooks.StopRequest):
            await self._running.stop(webhook, wait_seconds=STOP_ANSWER_SECONDS)
            return Answer(200, {"status": "success"})
        try:
            await self._running.start(webhook)
        except ConnectionFailed as problem:
            SessionLog(webhook.session_id).error("%s", problem)
            return Answer(500, _failure("Failed to connect"))
        return Answer(200, {"status": "success"})

    def _take_settings(self, body: bytes) -> Answer:
        try:
            post = webhooks.decode_settings(body)
        except MalformedMessage:
            return Answer(400, _failure("userIdForSettings and settings are required"))
        count = self._running.save_settings(post.user_id_for_settings, post.settings)
        message = "Settings updated successfully"
        return Answer(200, {"status": "success", "message": message, "sessionsUpdated": count})

    async def _start_author_code(self, session: MentraSession) -> None:
        if self._on_session is not None:
            await call(self._on_session, session.log, session)

    async def _stop_author_code(self, session: MentraSession, ending: Ending) -> None:
        session.log.info("the session is over: %s %s", ending.reason, ending.message)
        if self._on_stop is not None:
            await call(self._on_stop, session.log, session, ending.reason)


def _failure(message: str) -> dict[str, str]:
    return {"status": "error", "message": message}
