"""What each actor sent, received and did, with the time: the checker's only view of the wire. No logic."""

import time
from dataclasses import dataclass, field
from typing import TypeVar

Streams = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Something that happened `at` (seconds since 1970). `socket` numbers are unique in one history."""

    at: float = field(default_factory=time.time)


@dataclass(frozen=True, kw_only=True)
class PhoneDialed(Entry):
    """A phone began to open a socket to a node."""

    user: str
    socket: int
    node: int


@dataclass(frozen=True, kw_only=True)
class PhoneWelcomed(Entry):
    """A phone got its `connection_ack`."""

    user: str
    socket: int


@dataclass(frozen=True, kw_only=True)
class PhoneGone(Entry):
    """A phone's socket ended, whoever ended it, or was never opened."""

    user: str
    socket: int


@dataclass(frozen=True, kw_only=True)
class PhonePonged(Entry):
    """The cloud answered a ping that the phone had sent at `pinged_at`."""

    user: str
    socket: int
    pinged_at: float


@dataclass(frozen=True, kw_only=True)
class EventSent(Entry):
    """A phone sent an event; `mark` is in its payload and names it and its user."""

    user: str
    socket: int
    stream: str
    mark: str


@dataclass(frozen=True, kw_only=True)
class AppWished(Entry):
    """A user started or stopped an app."""

    user: str
    socket: int
    package: str
    running: bool


@dataclass(frozen=True, kw_only=True)
class AppReported(Entry):
    """The cloud told a phone that an app was started or stopped."""

    user: str
    socket: int
    package: str
    running: bool


@dataclass(frozen=True, kw_only=True)
class DrawingShown(Entry):
    """A phone was given a drawing of an app; the text names the user it was made for."""

    user: str
    package: str
    made_for: str


@dataclass(frozen=True, kw_only=True)
class WebhookCame(Entry):
    """An app's server was called by the cloud and answered with `status`."""

    user: str
    package: str
    kind: str
    status: int


@dataclass(frozen=True, kw_only=True)
class AppSeated(Entry):
    """A socket of an app got its ack, with the subscriptions the cloud holds."""

    user: str
    package: str
    socket: int
    node: int
    subscriptions: Streams


@dataclass(frozen=True, kw_only=True)
class AppGone(Entry):
    """A socket of an app that had its ack ended."""

    user: str
    package: str
    socket: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class Subscribed(Entry):
    """An app began to send its complete list of subscriptions."""

    user: str
    package: str
    streams: Streams


@dataclass(frozen=True, kw_only=True)
class EventHeard(Entry):
    """An app got an event on the socket it holds for `user`; `session_id` is what the message said."""

    user: str
    package: str
    socket: int
    session_id: str
    stream: str
    mark: str


@dataclass(frozen=True, kw_only=True)
class Fault(Entry):
    """Something was broken from `at` until it worked again at `ended`. `target` is a process or a package."""

    ended: float
    target: str
    what: str


@dataclass(frozen=True, kw_only=True)
class RunSeen(Entry):
    """The row of an app in a live session, read between `at` and `read_until`."""

    user: str
    package: str
    state: str
    subscriptions: Streams
    read_until: float


@dataclass(frozen=True, kw_only=True)
class Healed(Entry):
    """Nothing was broken on purpose after this."""


@dataclass(frozen=True, kw_only=True)
class Settled(Entry):
    """All was quiet: `online` are the users who have a phone and the number of the node it is connected to."""

    online: dict[str, int]


E = TypeVar("E", bound=Entry)


class History:
    """Entries in the order they were noted."""

    def __init__(self, entries: list[Entry] | None = None) -> None:
        self.entries: list[Entry] = entries if entries is not None else []

    def note(self, entry: Entry) -> None:
        """Add an entry."""
        self.entries.append(entry)

    def of(self, kind: type[E]) -> list[E]:
        """List the entries of one kind, oldest first."""
        return sorted(
            (entry for entry in self.entries if isinstance(entry, kind)), key=lambda entry: entry.at
        )
