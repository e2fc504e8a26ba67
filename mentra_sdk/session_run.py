"""Runs one session: sorts what its connection delivers, starts and ends the author's code.

The author sees the MentraSession; this is the engine behind it.
"""

import asyncio
from collections.abc import Awaitable, Callable

from mentra_sdk import codec, wire
from mentra_sdk.capabilities.storage import Storage
from mentra_sdk.connection import CloudConnection
from mentra_sdk.deliveries import Deliveries
from mentra_sdk.dialing import Identity, Timing
from mentra_sdk.errors import Ending
from mentra_sdk.events import Disconnected
from mentra_sdk.handlers import Tasks, call, call_plainly
from mentra_sdk.listeners import Listeners
from mentra_sdk.requests import Requests
from mentra_sdk.rest import StorageCalls
from mentra_sdk.session import MentraSession, SessionLog, SessionSignals

LAST_WORDS_SECONDS = 5
SWITCHING_CLOUDS = "switching_clouds"

OnStart = Callable[[MentraSession], Awaitable[None]]


class SessionRun:
    """One session from its start webhook to its end. `open` once, then `live`."""

    def __init__(self, url: str, identity: Identity, *, timing: Timing, on_start: OnStart) -> None:
        self.has_started = False
        self._identity = identity
        self._on_start = on_start
        self._update_planned = False
        self._log = SessionLog(identity.session_id)
        self._tasks = Tasks()
        self._signals = SessionSignals(self._tasks, self._log)
        self._listeners = Listeners(self._tasks, self._log, self._plan_update)
        self._connection = CloudConnection(
            url, identity, self, timing=timing, tasks=self._tasks, log=self._log
        )
        self._requests = Requests(self)
        self.session = MentraSession(
            user_id=identity.user_id,
            session_id=identity.session_id,
            package_name=identity.package_name,
            link=self,
            requests=self._requests,
            storage=Storage(StorageCalls(identity, lambda: self.url).ask, self._tasks, self._log),
            listeners=self._listeners,
            signals=self._signals,
            tasks=self._tasks,
            log=self._log,
        )
        self._deliveries = Deliveries(self.session, self._listeners, self._requests, self._signals, self._log)

    @property
    def is_attached(self) -> bool:
        """Tell whether the cloud acknowledged the connection there is now."""
        return self._connection.is_attached

    @property
    def is_parked(self) -> bool:
        """Tell whether the cloud lets the connection wait."""
        return self._connection.is_parked

    @property
    def url(self) -> str:
        """The address of the cloud."""
        return self._connection.url

    def send(self, message: wire.ToCloud, *, replaces: str | None = None) -> None:
        """Send a message of the app as soon as the session is attached."""
        self._connection.send(self._stamped(message), replaces=replaces)

    def send_bytes(self, *frames: bytes) -> bool:
        """Send binary frames as soon as the session is attached; false when too much waits already."""
        return self._connection.send_bytes(*frames)

    def has_room(self, count: int) -> bool:
        """Tell whether so many bytes could be sent now."""
        return self._connection.has_room(count)

    def withdraw(self, replaces: str) -> None:
        """Drop a message that waits under this name."""
        self._connection.withdraw(replaces)

    async def open(self) -> None:
        """Open the socket; raises ConnectionFailed."""
        await self._connection.open()

    async def live(self) -> Ending:
        """Run to the end of the session, the author's last words included; return why it ended."""
        ending = await self._connection.run()
        self._requests.close()
        self.session.speaker.close()
        try:
            async with asyncio.timeout(LAST_WORDS_SECONDS):
                await self._signals.stopped.emit_and_wait(ending.reason)
        except TimeoutError:
            self._log.warning("a handler of on_stopped took too long")
        finally:
            await self._tasks.cancel_all()
        return ending

    async def settle(self) -> None:
        """Write what the author's code left to be stored, after its very last words."""
        await self.session.storage.close()

    async def abandon(self) -> None:
        """End in the middle of everything, as a crash does: nobody is told, nothing is stored."""
        self.session.storage.abandon()
        await self._tasks.cancel_all()

    async def resume(self, url: str) -> None:
        """Connect to `url` now instead of waiting for a retry or an ack; raises ConnectionFailed."""
        await self._connection.resume(url)

    async def until_closed(self) -> None:
        """Wait until the socket of a session that is over is closed."""
        await self._connection.until_closed()

    def finish(self, ending: Ending) -> None:
        """End the session from this side."""
        self._connection.finish(ending)

    async def release(self) -> None:
        """Tell the cloud of this socket that another cloud serves the user now (app-socket §3.5)."""
        await self._connection.send_now(self._stamped(wire.OwnershipRelease(reason=SWITCHING_CLOUDS)))

    def attached(self, ack: wire.ConnectionAck) -> None:
        """Take over what the ack carries; start the author's code, or tell it that the connection is back."""
        self._deliveries.take_ack(ack)
        if self.has_started:
            self._send_update(first=True)
            self.session.transcription.repeat_configuration()
            self.session.display.draw_anew()
            self._signals.reconnected.emit(None)
        else:
            self.has_started = True
            self._tasks.spawn(call(self._on_start, self._log, self.session))
            self._plan_update()

    def detached(self, code: int, reason: str) -> None:
        """Tell the author's code that the connection broke."""
        self._log.info("the connection closed with %d %s", code, reason)
        self._signals.disconnected.emit(Disconnected(code=code, reason=reason))

    def message(self, message: codec.Incoming) -> None:
        """Hand a message to the capability it concerns; what it breaks is logged and goes no further."""
        call_plainly(self._deliveries.message, self._log, message)

    def audio(self, chunk: bytes) -> None:
        """Hand sound to the microphone's handlers."""
        self._deliveries.audio(chunk)

    def _plan_update(self) -> None:
        if self._connection.is_attached and not self._update_planned:
            self._update_planned = True
            asyncio.get_running_loop().call_soon(self._send_update)

    def _send_update(self, *, first: bool = False) -> None:
        self._update_planned = False
        if self._connection.is_attached:
            streams = self.session.location.with_rate(self._listeners.list_streams())
            update = self._stamped(wire.SubscriptionUpdate(subscriptions=streams))
            self._connection.send(update, first=first)

    def _stamped(self, message: wire.ToCloud) -> wire.ToCloud:
        message.package_name = self._identity.package_name
        message.session_id = self._connection.session_id
        message.timestamp = wire.iso_now()
        return message
