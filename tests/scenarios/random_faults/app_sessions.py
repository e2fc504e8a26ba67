"""One session of a mini app as the SDKs of family A and C keep it: handshake, subscriptions, reconnects.

The pauses between attempts are a third of the real ones (app-socket §1). One thing is left out: an SDK of family C
that was told `NOT_RUNNING` tries again in vain a few times.
"""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import urlsplit

from websockets.exceptions import ConnectionClosed

from tests.scenarios.random_faults.app_lines import AppLine, Identity, NotConnected, is_deliberate
from tests.scenarios.random_faults.history import AppGone, AppSeated, EventHeard, History, Streams, Subscribed
from tests.scenarios.random_faults.phones import UNREACHABLE
from tests.support.wire import RawApp

RECONNECT_PAUSES_SECONDS = (0.33, 0.67, 1.33)
ACK_SECONDS = 5.0
OPEN_SECONDS = 3.0
FOR_EVER = 1e6


class AppSession:
    """What an app's server holds for one user. `over` is called when the session gives up by itself."""

    def __init__(
        self,
        identity: Identity,
        user: str,
        url: str,
        *,
        streams: Streams,
        history: History,
        over: Callable[["AppSession"], None],
    ) -> None:
        self.user = user
        self.streams = streams
        self.line: AppLine | None = None
        self._identity = identity
        self._url = url
        self._history = history
        self._over = over
        self._ended = False
        self._was_seated = False
        self._attempts = 0
        self._sending = asyncio.Lock()
        self._work: set[asyncio.Task[None]] = set()
        self._watchers: set[asyncio.Task[None]] = set()

    @property
    def is_seated(self) -> bool:
        return self.line is not None and self.line.is_seated

    async def connect(self) -> None:
        """Open a socket and introduce the app; A waits for its ack, C only for the socket. Raises NotConnected."""
        line = await self._dial()
        try:
            if self._identity.family == "A":
                await line.peer.init_a(self._session_id, self._identity.package_name, self._identity.api_key)
                async with asyncio.timeout(ACK_SECONDS):
                    if not await asyncio.shield(line.seated):
                        raise NotConnected
            elif self._was_seated:
                await line.peer.reconnect_c(self._session_id)
            else:
                await line.peer.init_c(self._identity.package_name, self._identity.api_key)
        except (TimeoutError, ConnectionClosed) as error:
            line.peer.connection.transport.abort()
            raise NotConnected from error

    async def subscribe(self, streams: Streams) -> None:
        """Want these streams from now on, and say so if there is a socket."""
        self.streams = streams
        if self.line is not None and self.line.is_seated:
            async with self._sending:
                await self._send_subscriptions(self.line, streams)

    async def draw(self) -> None:
        """Show the user's name."""
        if self.line is not None and self.line.is_seated:
            layout = {"layoutType": "text_wall", "text": f"made for {self.user}"}
            await self._send(self.line, "display_event", view="main", layout=layout)

    async def release(self) -> None:
        """Tell the cloud that another socket takes over (app-socket §3.5)."""
        self._ended = True
        if self.line is not None:
            await self._send(self.line, "ownership_release", reason="switching_clouds")

    def blip(self) -> None:
        """Lose the socket as with a lost network."""
        if self.line is not None:
            self.line.peer.connection.transport.abort()

    async def end(self, *, abruptly: bool, reason: str = "") -> None:
        """Close for good: with a closing handshake, or as a process that dies."""
        self._ended = True
        if self.line is not None:
            if not abruptly:
                with contextlib.suppress(TimeoutError, *UNREACHABLE):
                    async with asyncio.timeout(1):
                        await self.line.peer.connection.close(1000, reason)
            self.line.peer.connection.transport.abort()
        current = asyncio.current_task()
        for task in self._work:
            if task is not current:
                task.cancel()

    @property
    def _session_id(self) -> str:
        return f"{self.user}-{self._identity.package_name}"

    async def _dial(self) -> AppLine:
        name, key = self._identity.package_name, self._identity.api_key
        try:
            async with asyncio.timeout(OPEN_SECONDS):
                if self._identity.family == "A":
                    peer = await RawApp.dial_a(self._url)
                else:
                    peer = await RawApp.dial_c(self._url, user_id=self.user, package_name=name, api_key=key)
        except (TimeoutError, *UNREACHABLE) as error:
            raise NotConnected from error
        line = self.line = AppLine(peer)
        peer.hear = lambda message: self._hear(line, message)
        self._watch(line)
        if self._ended:
            peer.connection.transport.abort()
            raise NotConnected
        return line

    def _watch(self, line: AppLine) -> None:
        """See how the socket ends; that is noted even when the session ended before."""
        task = asyncio.create_task(self._until_closed(line))
        self._watchers.add(task)
        task.add_done_callback(self._watchers.discard)

    async def _until_closed(self, line: AppLine) -> None:
        closed = await line.peer.closed(FOR_EVER)
        if line.seated.done() and line.seated.result():
            user, package = self.user, self._identity.package_name
            self._history.note(
                AppGone(
                    user=user, package=package, socket=line.number, reason=f"{closed.code} {closed.reason}"
                )
            )
        line.settle(seated=False)
        if self._ended or line is not self.line or not self._was_seated:
            return
        if self._identity.family == "A" and is_deliberate(closed):
            self._over(self)
            return
        await self._come_back()

    async def _come_back(self) -> None:
        while not self._ended and self._attempts < len(RECONNECT_PAUSES_SECONDS):
            pause = RECONNECT_PAUSES_SECONDS[self._attempts]
            self._attempts += 1
            await asyncio.sleep(pause)
            with contextlib.suppress(NotConnected):
                await self.connect()
                return
        self._over(self)

    def _hear(self, line: AppLine, message: dict[str, Any]) -> None:
        match message["type"]:
            case "tpa_connection_ack" | "reconnect_ack":
                self._take_seat(line, message)
            case "tpa_connection_error":
                line.settle(seated=False)
            case "reconnect_rejected":
                self._over(self)
                self._spawn(self.end(abruptly=False, reason="Reconnect rejected"))
            case "reconnect_deferred":
                self._spawn(self._park(line, message["timeoutMs"] / 1000))
            case "app_stopped" if self._identity.family == "C":
                self._over(self)
                self._spawn(self.end(abruptly=False, reason="Client disconnect"))
            case "data_stream" if "mark" in message["data"]:
                self._history.note(
                    EventHeard(
                        user=self.user,
                        package=self._identity.package_name,
                        socket=line.number,
                        session_id=message["sessionId"],
                        stream=message["streamType"],
                        mark=message["data"]["mark"],
                    )
                )

    def _take_seat(self, line: AppLine, ack: dict[str, Any]) -> None:
        self._history.note(
            AppSeated(
                user=self.user,
                package=self._identity.package_name,
                socket=line.number,
                node=(urlsplit(self._url).port or 0) - self._identity.first_port,
                subscriptions=tuple(ack["subscriptions"]),
            )
        )
        is_new, self._was_seated, self._attempts = not self._was_seated, True, 0
        line.settle(seated=True)
        self._spawn(self._introduce_handlers(line, one_by_one=is_new and self._identity.family == "A"))

    async def _introduce_handlers(self, line: AppLine, *, one_by_one: bool) -> None:
        """Send the list; a new session of family A begins with none and sends one more each time (§3.3)."""
        async with self._sending:
            for count in range(len(self.streams)) if one_by_one else ():
                await self._send_subscriptions(line, self.streams[:count])
            await self._send_subscriptions(line, self.streams)

    async def _send_subscriptions(self, line: AppLine, streams: Streams) -> None:
        self._history.note(
            Subscribed(user=self.user, package=self._identity.package_name, streams=tuple(sorted(streams)))
        )
        await self._send(line, "subscription_update", subscriptions=list(streams))

    async def _send(self, line: AppLine, type_: str, **fields: Any) -> None:
        with contextlib.suppress(ConnectionClosed):
            await line.peer.send(type_, **fields)

    async def _park(self, line: AppLine, seconds: float) -> None:
        await asyncio.wait({line.seated}, timeout=seconds)
        if not line.seated.done():
            self._over(self)
            await self.end(abruptly=False, reason="Parked timeout")

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._work.add(task)
        task.add_done_callback(self._work.discard)
