"""Where the frames of an app's socket go: to the session on this node, or to the node that owns it."""

from collections.abc import Callable
from typing import Protocol

from django.conf import settings

from sessions_app.handlers.dispatch import dispatch_from_app
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.outbound.node_wire import wire_to
from sessions_app.transport.links import LocalLink

FROM_GUEST = "node.from_guest"


class Seat(Protocol):
    """A place in a session, held by one socket."""

    @property
    def is_here(self) -> bool:
        """Whether this node owns the session."""

    def take_text(self, text: str) -> None:
        """Take a text frame of the app."""

    async def leave(self, cause: str) -> None:
        """The socket closed."""


class LocalSeat:
    """A place in a session of this node: frames go straight to their handler."""

    is_here = True

    def __init__(self, runtime: SessionRuntime, package_name: str, link: LocalLink) -> None:
        self._runtime = runtime
        self._package_name = package_name
        self._link = link

    def take_text(self, text: str) -> None:
        """Handle a frame, unless the seat has a newer socket by now."""
        seat = self._runtime.apps.find(self._package_name)
        if seat is not None and seat.link is self._link:
            dispatch_from_app(self._runtime, seat, text)

    async def leave(self, cause: str) -> None:
        """Give the seat back.

        The server answers an app's close when this returns. SDK 3 takes an answered close for the end and reports
        it, so the stop webhook with the true reason must have arrived by then.
        """
        self._runtime.apps.detach(self._package_name, self._link.connection, cause)
        await self._runtime.apps.until_stopped(self._package_name)


class RemoteSeat:
    """A place in a session of another node: frames are sent there."""

    is_here = False

    def __init__(self, node_id: str, session_id: str, package_name: str, link: LocalLink) -> None:
        self._send: Callable[[dict[str, object]], None] = wire_to(node_id).send
        self._address: dict[str, object] = {
            "type": FROM_GUEST,
            "session": session_id,
            "package": package_name,
            "node": settings.NODE_ID,
            "guest": link.connection,
        }

    def take_text(self, text: str) -> None:
        """Send a frame on its way."""
        self._send({**self._address, "text": text})

    async def leave(self, cause: str) -> None:
        """Tell the owner that the socket closed."""
        self._send({**self._address, "gone": cause})

    def send_away(self, cause: str) -> None:
        """Tell the owner that this node shuts down and closes the socket for that."""
        self._send({**self._address, "gone": cause, "sent_away": True})
