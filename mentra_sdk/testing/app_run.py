"""One app in one user's session: its subscriptions, its socket, what it said and what it missed."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from mentra_sdk.testing import streams
from mentra_sdk.testing.app_calls import Message
from mentra_sdk.testing.waiting import Changes
from mentra_sdk.wire import iso_now

REMEMBERED = 500


class State(StrEnum):
    """How an app stands with a user (lifecycle §3), as far as a test needs it."""

    CONNECTING = "connecting"
    RUNNING = "running"
    AWAY = "grace_period"
    STOPPED = "stopped"


class Link(Protocol):
    """The way to an attached app."""

    def send(self, message: Message) -> None:
        """Send a message."""

    def send_bytes(self, data: bytes) -> None:
        """Send a binary frame."""


@dataclass
class InstalledApp:
    """An app the cloud knows: what it declared, what its settings are by default, its key if that matters."""

    package_name: str
    permissions: frozenset[str]
    settings: list[Message]
    api_key: str | None = None


@dataclass
class AppRun:
    """The app in the session of `user_id`. `received` is all it sent since it started, newest last."""

    app: InstalledApp
    user_id: str
    changes: Changes
    state: State = State.CONNECTING
    subscriptions: list[str] | None = None
    settings: list[Message] = field(default_factory=list)
    received: deque[Message] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    kept: deque[Message] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    missed: list[str] = field(default_factory=list)
    acks: int = 0
    link: Link | None = None

    @property
    def package_name(self) -> str:
        """The app's package."""
        return self.app.package_name

    @property
    def session_id(self) -> str:
        """The id of this session of the app."""
        return f"{self.user_id}-{self.package_name}"

    @property
    def is_settled(self) -> bool:
        """Tell whether the app is attached and has said what it wants to hear."""
        return self.state is State.RUNNING and self.subscriptions is not None

    def attach(self, link: Link) -> None:
        """Give the app a socket that was acknowledged."""
        self.link = link
        self.state = State.RUNNING
        self.acks += 1
        self.changes.tell()

    def detach(self, link: Link) -> None:
        """The socket is gone; an older one than the present is of no account."""
        if self.link is link:
            self.link = None
            if self.state is State.RUNNING:
                self.state = State.AWAY
            self.changes.tell()

    def send(self, kind: str, **fields: Any) -> None:
        """Send a message to the app; while its socket is away it is kept for it."""
        message = {"type": kind, **fields, "sessionId": self.session_id, "timestamp": iso_now()}
        if self.link is not None:
            self.link.send(message)
        elif self.state is State.AWAY:
            self.kept.append(message)

    def release(self) -> None:
        """Send what was kept."""
        while self.kept and self.link is not None:
            self.link.send(self.kept.popleft())

    def tell(self, keys: Sequence[str], data: Message) -> bool:
        """Send an event under the subscription that fits best; tell whether there is one."""
        stream = streams.choose(self.subscriptions or [], keys)
        if stream is None:
            self.missed.append(keys[0])
            return False
        self.send("data_stream", streamType=stream, data={"type": keys[-1].partition(":")[0], **data})
        return True

    def has(self, permission: str) -> bool:
        """Tell whether the app declared a permission."""
        return permission in self.app.permissions

    def subscribe(self, wanted: Iterable[str]) -> list[str]:
        """Take the permitted ones of `wanted`, report the others; return those that are new."""
        before = self.subscriptions or []
        refused = [(name, need) for name in wanted if (need := self._lacks(name)) is not None]
        self.subscriptions = [name for name in wanted if self._lacks(name) is None]
        if refused:
            self.report_refused(refused)
        self.changes.tell()
        return [name for name in self.subscriptions if name not in before]

    def describe(self) -> str:
        """Return one line about the app, for a failed wait."""
        wants = ", ".join(self.subscriptions or []) or "nothing"
        line = f"{self.package_name} is {self.state}, subscribed to {wants}"
        return f"{line}; sent in vain: {', '.join(self.missed)}" if self.missed else line

    def _lacks(self, stream: str) -> str | None:
        need = streams.permission_for(stream)
        return None if need is None or self.has(need) else need

    def report_refused(self, refused: list[tuple[str, str]]) -> None:
        details = [
            {"stream": name, "requiredPermission": need, "message": f"The app has not declared {need}"}
            for name, need in refused
        ]
        needs = sorted({need for _, need in refused})
        self.send(
            "permission_error",
            message="Some subscriptions were rejected",
            details=details,
            deniedPermissions=needs,
        )
        for name, need in refused:
            message = f"The app has not declared {need}"
            self.send("permission_denied", message=message, permission=need, streamType=name)
