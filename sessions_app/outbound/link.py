"""What the runtime knows of a socket, wherever it is."""

import itertools
from typing import Protocol

_connections = itertools.count(1)


def new_connection() -> int:
    """Return a number that tells this connection from every other of the process (P-6)."""
    return next(_connections)


class Tap(Protocol):
    """Notes what passes over a link."""

    def sent(self, text: str) -> None:
        """A text frame is handed to the socket."""

    def sent_bytes(self, size: int) -> None:
        """A binary frame is handed to the socket."""

    def received_bytes(self, size: int) -> None:
        """A binary frame came over the socket."""


class Link(Protocol):
    """One open socket of a phone or an app. Sending never blocks and never raises."""

    tap: Tap | None
    """Told of every frame that is sent, by the owner of the session only; None nearly always."""

    @property
    def connection(self) -> int:
        """The number of the connection; two links of one peer differ in it."""

    @property
    def is_open(self) -> bool:
        """False from the moment either side closed."""

    def send_text(self, text: str, replaces: str = "") -> None:
        """Queue one text frame; dropped when the socket is closed.

        With a name in `replaces`, one of that name that the peer has not taken yet is dropped for it.
        """

    def send_bytes(self, data: bytes) -> None:
        """Queue one binary frame; the oldest are dropped when the peer does not keep up."""

    def close(self, code: int, reason: str = "") -> None:
        """Send what is queued, then the close frame."""
