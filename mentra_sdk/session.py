"""One user's session of a mini app, as the app's author sees it. Nothing here is shared between users."""

import functools
import logging
from collections.abc import Callable, MutableMapping
from typing import Any, Protocol

from mentra_sdk import wire
from mentra_sdk.capabilities.camera import Camera
from mentra_sdk.capabilities.dashboard import Dashboard
from mentra_sdk.capabilities.device import Device
from mentra_sdk.capabilities.display import Display
from mentra_sdk.capabilities.led import Led
from mentra_sdk.capabilities.live_stream import LiveStream
from mentra_sdk.capabilities.location import Location
from mentra_sdk.capabilities.microphone import Microphone
from mentra_sdk.capabilities.permissions import Permissions
from mentra_sdk.capabilities.phone import Phone
from mentra_sdk.capabilities.settings import AppSettings
from mentra_sdk.capabilities.speaker import Speaker
from mentra_sdk.capabilities.storage import Storage
from mentra_sdk.capabilities.transcription import Transcription
from mentra_sdk.capabilities.translation import Translation
from mentra_sdk.capabilities.user_time import UserTime
from mentra_sdk.errors import CloudError
from mentra_sdk.events import Disconnected
from mentra_sdk.handlers import Handler, Log, Signal, Subscription, Tasks
from mentra_sdk.listeners import Listeners
from mentra_sdk.requests import Requests


class SessionLog(logging.LoggerAdapter[logging.Logger]):
    """Writes the session's id before every line."""

    def __init__(self, session_id: str) -> None:
        super().__init__(logging.getLogger("mentra_sdk"), {"session_id": session_id})
        self._prefix = f"[{session_id}]"

    def process(self, msg: Any, kwargs: MutableMapping[str, Any]) -> tuple[Any, MutableMapping[str, Any]]:
        return f"{self._prefix} {msg}", kwargs


class Link(Protocol):
    """The way to the cloud, as far as a session needs to know it."""

    @property
    def is_attached(self) -> bool:
        """Tell whether the cloud acknowledged the connection there is now."""

    @property
    def is_parked(self) -> bool:
        """Tell whether the cloud lets the connection wait."""

    def send(self, message: wire.ToCloud, *, replaces: str | None = None) -> None:
        """Send a message, now or once attached."""

    def send_bytes(self, *frames: bytes) -> bool:
        """Send binary frames likewise; false, and none of them sent, when too much waits already."""

    def has_room(self, count: int) -> bool:
        """Tell whether so many bytes could be sent now."""

    def withdraw(self, replaces: str) -> None:
        """Drop what was sent under this name and did not leave yet."""


class SessionSignals:
    """What can happen to a session itself."""

    def __init__(self, tasks: Tasks, log: Log) -> None:
        self._log = log
        self.stopped: Signal[str] = Signal(tasks, log)
        self.disconnected: Signal[Disconnected] = Signal(tasks, log)
        self.reconnected: Signal[None] = Signal(tasks, log)
        self.failed: Signal[CloudError] = Signal(tasks, log)

    def report(self, error: CloudError) -> None:
        """Tell of an error of the cloud."""
        self._log.warning("the cloud reports %s: %s", error.code, error.message)
        self.failed.emit(error)


class MentraSession:
    """What an app's author works with: one for each user who runs the app.

    `user_id` is the user's e-mail address. The session lives from the first acknowledgement of the cloud to
    `on_stopped`, through every short loss of the connection in between.
    """

    def __init__(
        self,
        *,
        user_id: str,
        session_id: str,
        package_name: str,
        link: Link,
        requests: Requests,
        storage: Storage,
        listeners: Listeners,
        signals: SessionSignals,
        tasks: Tasks,
        log: Log,
    ) -> None:
        self.user_id = user_id
        self.session_id = session_id
        self.log = log
        self._link = link
        self._signals = signals
        self.display = Display(link.send)
        self.dashboard = Dashboard(link.send)
        self.transcription = Transcription(listeners, link.send)
        self.translation = Translation(listeners)
        self.mic = Microphone(listeners)
        self.device = Device(listeners, link.send, tasks, log)
        self.camera = Camera(requests, LiveStream(package_name, link.send, requests, listeners))
        self.speaker = Speaker(link, requests, signals.report, tasks, log)
        self.led = Led(link.send, signals.report)
        self.phone = Phone(listeners)
        self.location = Location(listeners, requests)
        self.settings = AppSettings(tasks, log)
        self.time = UserTime(lambda: self.settings.timezone)
        self.storage = storage
        self.permissions = Permissions(tasks, log)

    @property
    def is_connected(self) -> bool:
        """Tell whether the cloud hears this session now."""
        return self._link.is_attached

    @property
    def is_parked(self) -> bool:
        """Tell whether the cloud asked to wait, for example for the user's phone to come back (app-socket §3.4)."""
        return self._link.is_parked

    def on_stopped(self, handler: Handler[str]) -> Subscription:
        """Call `handler` with the reason (see StopReason) when the session is over for good."""
        return self._signals.stopped.connect(handler)

    def on_disconnected(self, handler: Handler[Disconnected]) -> Subscription:
        """Call `handler` when the connection to the cloud breaks; the session goes on trying."""
        return self._signals.disconnected.connect(handler)

    def on_reconnected(self, handler: Callable[[], object]) -> Subscription:
        """Call `handler` when the connection is back; subscriptions are still active."""

        @functools.wraps(handler)
        def without_event(_event: None) -> object:
            return handler()

        return self._signals.reconnected.connect(without_event)

    def on_settings(self, handler: Handler[dict[str, Any]]) -> Subscription:
        """Call `handler` with all settings of the app whenever the cloud sends them, changed or not."""
        return self.settings.on_update(handler)

    def on_error(self, handler: Handler[CloudError]) -> Subscription:
        """Call `handler` with every error the cloud reports."""
        return self._signals.failed.connect(handler)
