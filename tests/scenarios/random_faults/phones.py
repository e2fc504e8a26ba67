"""People with phones that behave as real ones: they ping, and dial again for ever, any node (glasses-socket §3, §8).

Times are about a third of the real ones, as are the deadlines of the cloud they talk to.
"""

import asyncio
import contextlib
import itertools
import random
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage

from tests.scenarios.random_faults.history import (
    AppReported,
    AppWished,
    DrawingShown,
    EventSent,
    History,
    PhoneDialed,
    PhoneGone,
    PhonePonged,
    PhoneWelcomed,
)
from tests.support.stage import Person
from tests.support.wire import RawPhone

DIAL_SECONDS = 3.0
PING_SECONDS = 1.0
PONG_SECONDS = 4.0
REDIAL_SECONDS = (0.2, 1.7)

sockets = itertools.count(1)
UNREACHABLE = (OSError, InvalidHandshake, InvalidMessage, ConnectionClosed, EOFError)


class PhoneLine:
    """One socket of a phone, from its dial to its end."""

    def __init__(self, person: Person, node: int, history: History) -> None:
        self.person = person
        self.node = node
        self.number = next(sockets)
        self.welcomed = asyncio.Event()
        self._history = history
        self._peer: RawPhone | None = None
        self._pings: deque[float] = deque()

    @property
    def is_ready(self) -> bool:
        return self.welcomed.is_set() and self._peer is not None and self._peer.is_open()

    async def live(self, ws_url: str) -> None:
        """Dial, ping, and end when the socket does or no pong comes."""
        user = self.person.email
        self._history.note(PhoneDialed(user=user, socket=self.number, node=self.node))
        try:
            async with asyncio.timeout(DIAL_SECONDS):
                self._peer = await RawPhone.dial(ws_url, self.person.token)
            self._peer.hear = self._hear
            await self._ping_until_closed(self._peer)
        except (TimeoutError, *UNREACHABLE):
            pass
        finally:
            if self._peer is not None:
                self._peer.connection.transport.abort()
            self._history.note(PhoneGone(user=user, socket=self.number))

    async def send(self, type_: str, **fields: Any) -> bool:
        """Send a message; false when the socket is closed."""
        if self._peer is None:
            return False
        try:
            await self._peer.send(type_, **fields)
        except ConnectionClosed:
            return False
        return True

    async def ping(self) -> None:
        """Ask for a pong."""
        self._pings.append(time.time())
        await self.send("ping")

    def drop(self) -> None:
        """Vanish as a lost network does."""
        if self._peer is not None:
            self._peer.connection.transport.abort()

    async def _ping_until_closed(self, peer: RawPhone) -> None:
        while peer.is_open():
            await self.ping()
            with contextlib.suppress(AssertionError):
                await peer.closed(PING_SECONDS)
            if self._pings and time.time() - self._pings[0] > PONG_SECONDS:
                return

    def _hear(self, message: dict[str, Any]) -> None:
        user = self.person.email
        match message["type"]:
            case "connection_ack":
                self._history.note(PhoneWelcomed(user=user, socket=self.number))
                self.welcomed.set()
            case "pong":
                pinged_at = self._pings.popleft()
                self._history.note(PhonePonged(user=user, socket=self.number, pinged_at=pinged_at))
            case "app_started" | "app_stopped" as what:
                self._history.note(
                    AppReported(
                        user=user,
                        socket=self.number,
                        package=message["packageName"],
                        running=what == "app_started",
                    )
                )
            case "display_event" if "made for" in str(message["layout"].get("text")):
                made_for = message["layout"]["text"].removeprefix("made for ")
                self._history.note(DrawingShown(user=user, package=message["packageName"], made_for=made_for))


class Wearer:
    """A user with phones, of which the one that dialed last is in use.

    Its line is dialed again for ever; a line that was open before stays until the cloud closes it: newest wins.
    """

    def __init__(self, person: Person, urls: Sequence[str], history: History, dice: random.Random) -> None:
        self.person = person
        self.line: PhoneLine | None = None
        self._wants_to_be_online = True
        self._return: asyncio.TimerHandle | None = None
        self._urls = urls
        self._history = history
        self._dice = dice
        self._next_node: int | None = None
        self._dial_at_once = asyncio.Event()
        self._lines: set[asyncio.Task[None]] = set()
        self._marks = itertools.count(1)
        self._keeper: asyncio.Task[None] | None = None

    @property
    def email(self) -> str:
        return self.person.email

    def start(self) -> None:
        self._keeper = asyncio.create_task(self._stay_online())

    async def stop(self) -> None:
        self._forget_return()
        tasks = [*self._lines, *([self._keeper] if self._keeper else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def press(self, streams: Sequence[str]) -> list[str]:
        """Send an event of each stream, then a ping; return their marks."""
        marks = []
        line = self.line
        for stream in streams if line is not None and line.is_ready else ():
            assert line is not None
            mark = f"{self.email} {next(self._marks)}"
            self._history.note(EventSent(user=self.email, socket=line.number, stream=stream, mark=mark))
            await line.send(stream, **_PAYLOADS[stream](mark))
            marks.append(mark)
        if line is not None:
            await line.ping()
        return marks

    async def wish(self, package: str, *, running: bool) -> None:
        """Start or stop an app, then ping."""
        line = self.line
        if line is None or not line.is_ready:
            return
        self._history.note(AppWished(user=self.email, socket=line.number, package=package, running=running))
        await line.send("start_app" if running else "stop_app", packageName=package)
        await line.ping()

    def drop(self) -> None:
        """Lose the network; the phone dials again after its pause."""
        if self.line is not None:
            self.line.drop()

    def dial(self, node: int | None = None) -> None:
        """Open another socket now, whatever became of the last one: newest wins."""
        self._next_node = node
        self._dial_at_once.set()

    def go_offline(self, seconds: float | None = None) -> None:
        """Switch every phone off, for some time or for good."""
        self._forget_return()
        self._wants_to_be_online = False
        for task in self._lines:
            task.cancel()
        if seconds is not None:
            self._return = asyncio.get_running_loop().call_later(seconds, self.go_online)

    def go_online(self) -> None:
        """Switch the phone on."""
        self._forget_return()
        self._wants_to_be_online = True
        self._dial_at_once.set()

    def _forget_return(self) -> None:
        if self._return is not None:
            self._return.cancel()
            self._return = None

    async def _stay_online(self) -> None:
        while True:
            self._dial_at_once.clear()
            if self._wants_to_be_online:
                life = self._begin_line()
                order = asyncio.create_task(self._dial_at_once.wait())
                await asyncio.wait({life, order}, return_when=asyncio.FIRST_COMPLETED)
                order.cancel()
            pause = self._dice.uniform(*REDIAL_SECONDS)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._dial_at_once.wait(), pause)

    def _begin_line(self) -> asyncio.Task[None]:
        node = self._dice.randrange(len(self._urls)) if self._next_node is None else self._next_node
        self._next_node = None
        self.line = PhoneLine(self.person, node, self._history)
        life = asyncio.create_task(self.line.live(self._urls[node]))
        self._lines.add(life)
        life.add_done_callback(self._lines.discard)
        return life


_PAYLOADS: dict[str, Callable[[str], dict[str, Any]]] = {
    "button_press": lambda mark: {"buttonId": "main", "pressType": "short", "mark": mark},
    "head_position": lambda mark: {"position": "up", "mark": mark},
    "phone_battery_update": lambda mark: {"level": 50, "charging": False, "mark": mark},
    "switch_status": lambda mark: {"switch_type": 1, "switch_value": 0, "mark": mark},
}
