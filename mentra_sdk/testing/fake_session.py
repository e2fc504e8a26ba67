"""A session for unit tests of an author's functions: no cloud, no socket, no server. Everything happens in place."""

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from mentra_sdk import codec, wire
from mentra_sdk.capabilities.storage import NOT_FOUND, Storage
from mentra_sdk.deliveries import Deliveries
from mentra_sdk.errors import StopReason, StorageFailed
from mentra_sdk.events import Disconnected
from mentra_sdk.handlers import Tasks
from mentra_sdk.listeners import Listeners
from mentra_sdk.photos import INLINE
from mentra_sdk.requests import Requests
from mentra_sdk.session import MentraSession, SessionLog, SessionSignals
from mentra_sdk.testing import streams
from mentra_sdk.testing.app_calls import Message
from mentra_sdk.testing.app_run import AppRun, InstalledApp, State
from mentra_sdk.testing.glasses import Glasses
from mentra_sdk.testing.welcome import change_setting, send_welcome, with_values

USUAL_USER = "ada@example.com"
USUAL_PACKAGE = "com.example.app"
NO_CLOSE_FRAME = 1006


class FakeSession(MentraSession):
    """A MentraSession whose user's `glasses` the test holds. Make it inside a running event loop.

    What the app does shows on the glasses at once, and what happens to them reaches the handlers at once: plain
    functions before the call returns, async ones as tasks, which `glasses.shows` and its like wait for.
    `stored` are the texts the app finds and leaves; they are written when it says `flush`, or at `stop`.
    """

    def __init__(
        self,
        *,
        user_id: str = USUAL_USER,
        package_name: str = USUAL_PACKAGE,
        permissions: Iterable[str | Mapping[str, Any]] = streams.ALL_PERMISSIONS,
        settings: Sequence[Mapping[str, Any]] = (),
        stored: Mapping[str, str] | None = None,
    ) -> None:
        self.glasses = Glasses(user_id, _inline)
        self.stored = dict(stored or {})
        app = InstalledApp(package_name, streams.declared(permissions), with_values(settings))
        self._run = AppRun(app, user_id, self.glasses.changes, subscriptions=[], settings=app.settings)
        self.glasses.runs[package_name] = self._run
        log, self._tasks = SessionLog(self._run.session_id), Tasks()
        self._to_cloud = _ToCloud(self._run, self.glasses)
        self._listeners = Listeners(self._tasks, log, self._subscribe)
        signals = SessionSignals(self._tasks, log)
        self._open_requests = Requests(self._to_cloud)
        super().__init__(
            user_id=user_id,
            session_id=self._run.session_id,
            package_name=package_name,
            link=self._to_cloud,
            requests=self._open_requests,
            storage=Storage(_Texts(self.stored).ask, self._tasks, log),
            listeners=self._listeners,
            signals=signals,
            tasks=self._tasks,
            log=log,
        )
        deliveries = Deliveries(self, self._listeners, self._open_requests, signals, log)
        self._run.attach(_ToSession(deliveries))
        send_welcome(self._run, self.glasses.hardware, "tpa_connection_ack")

    def change_setting(self, key: str, value: Any) -> None:
        """Change a setting of the app, as its user does."""
        change_setting(self._run, key, value)

    def blip(self) -> None:
        """Let the connection break and be back at once."""
        self._signals.disconnected.emit(Disconnected(code=NO_CLOSE_FRAME, reason=""))
        self.display.draw_anew()
        self._signals.reconnected.emit(None)

    async def stop(self, reason: str = StopReason.USER_DISABLED) -> None:
        """End the session as a cloud does: handlers of `on_stopped` run, what waits fails, what was set is stored."""
        self._open_requests.close()
        self.speaker.close()
        await self._signals.stopped.emit_and_wait(reason)
        await self._tasks.cancel_all()
        await self.storage.close()
        self._run.state, self._run.link = State.STOPPED, None

    def _subscribe(self) -> None:
        wanted = self.location.with_rate(self._listeners.list_streams())
        self._to_cloud.send(wire.SubscriptionUpdate(subscriptions=wanted))


class _ToCloud:
    """The session's way to the cloud: what it sends is served before the call returns."""

    def __init__(self, run: AppRun, glasses: Glasses) -> None:
        self._run = run
        self._glasses = glasses

    @property
    def is_attached(self) -> bool:
        return self._run.link is not None

    @property
    def is_parked(self) -> bool:
        return False

    def send(self, message: wire.ToCloud, *, replaces: str | None = None) -> None:
        message.package_name = self._run.package_name
        message.session_id = self._run.session_id
        message.timestamp = wire.iso_now()
        self._glasses.requests.take(self._run, json.loads(codec.encode(message)))

    def send_bytes(self, *frames: bytes) -> bool:
        for frame in frames:
            self._glasses.requests.take_bytes(frame)
        return True

    def has_room(self, count: int) -> bool:
        return True

    def withdraw(self, replaces: str) -> None:
        """Nothing waits."""


class _ToSession:
    """The cloud's way to the session."""

    def __init__(self, deliveries: Deliveries) -> None:
        self._deliveries = deliveries

    def send(self, message: Message) -> None:
        match codec.decode(json.dumps(message)):
            case wire.ConnectionAck() as ack:
                self._deliveries.take_ack(ack)
            case None:
                pass
            case known:
                self._deliveries.message(known)

    def send_bytes(self, data: bytes) -> None:
        self._deliveries.audio(data)


class _Texts:
    """What the app stores, in a dictionary."""

    def __init__(self, stored: dict[str, str]) -> None:
        self._stored = stored

    async def ask(self, method: str, key: str | None = None, body: Any = None) -> bytes:
        match method, key:
            case "PUT", _:
                self._stored.update(body["data"])
            case "DELETE", None:
                self._stored.clear()
            case "DELETE", str() as name:
                if self._stored.pop(name, None) is None:
                    raise StorageFailed("there is no such key", status=NOT_FOUND)
        return msgspec.json.encode({"data": self._stored})


def _inline(data: bytes) -> str:
    return INLINE + base64.b64encode(data).decode()
