"""Where the frames of an app's socket go: to the session on this node, or to the node that owns it."""

from collections.abc import Callable, Iterable
from typing import Protocol

from django.conf import settings

from sessions_app.app_runs.subscriptions import stored
from sessions_app.handlers.dispatch import dispatch_from_app, take_sound_from_app
from sessions_app.lifecycle import residents
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.outbound import metrics
from sessions_app.outbound.held import HeldFrames
from sessions_app.outbound.node_wire import wire_to
from sessions_app.protocol.app_to_cloud import SubscriptionUpdate
from sessions_app.protocol.codec import Malformed, decode_from_app, encode
from sessions_app.protocol.codes import CloseCode, CloseReason
from sessions_app.transport.links import LocalLink

FROM_GUEST = "node.from_guest"
MOST_UNHEARD = 500
MOST_UNHEARD_CHARACTERS = 1024 * 1024
MOST_SUBSCRIPTION_CHARACTERS = 64 * 1024
# Of an app's frames only those with this text are read on their way to another node.
_SUBSCRIPTION_MARK = '"subscription_update"'


Frame = str | bytes


def _nothing_unheard() -> HeldFrames[Frame]:
    return HeldFrames("frame for owner", most=MOST_UNHEARD, most_characters=MOST_UNHEARD_CHARACTERS)


def hand(seat: "Seat", frame: Frame) -> None:
    """Give a seat a frame of the app, of whichever kind."""
    if isinstance(frame, str):
        seat.take_text(frame)
    else:
        seat.take_bytes(frame)


class Seat(Protocol):
    """A place in a session, held by one socket."""

    @property
    def is_here(self) -> bool:
        """Whether this node owns the session."""

    def take_text(self, text: str) -> None:
        """Take a text frame of the app."""

    def take_bytes(self, data: bytes) -> None:
        """Take a binary frame of the app: sound for the speaker."""

    def give_unheard(self) -> list[Frame]:
        """Give the frames away that no owner is known to have handled, oldest first."""

    async def leave(self, cause: str) -> None:
        """The socket closed."""


class LocalSeat:
    """A place in a session of this node: frames go straight to their handler."""

    is_here = True

    def __init__(self, runtime: SessionRuntime, package_name: str, link: LocalLink) -> None:
        self._runtime = runtime
        self._package_name = package_name
        self._link = link
        self._seat = runtime.apps.find(package_name)
        self._first_keys = () if self._seat is None else self._seat.keys

    @property
    def is_taken(self) -> bool:
        """Whether the session is still here and the seat this socket's."""
        seat = self._runtime.apps.find(self._package_name)
        here = residents.find(self._runtime.ref.session_id) is self._runtime
        return here and seat is not None and seat.link is self._link

    def take_text(self, text: str) -> None:
        """Handle a frame, unless the seat has a newer socket by now."""
        seat = self._runtime.apps.find(self._package_name)
        if seat is not None and seat.link is self._link:
            dispatch_from_app(self._runtime, seat, text)

    def take_bytes(self, data: bytes) -> None:
        """Take sound, unless the seat has a newer socket by now."""
        seat = self._runtime.apps.find(self._package_name)
        if seat is not None and seat.link is self._link:
            take_sound_from_app(self._runtime, seat, data)

    def give_unheard(self) -> list[Frame]:
        """Give away what the app subscribed to here; every other frame was handled when it came.

        A session that was taken without its owner's help left before that owner could store it, and the app, whose
        socket stays, would not say it again.
        """
        seat = self._seat
        if seat is None or not seat.is_expected or seat.keys == self._first_keys:
            return []
        return [encode(SubscriptionUpdate(subscriptions=[stored(key) for key in seat.keys]))]

    async def leave(self, cause: str) -> None:
        """Give the seat back.

        The server answers an app's close when this returns. SDK 3 takes an answered close for the end and reports
        it, so the stop webhook with the true reason must have arrived by then.
        """
        self._runtime.apps.detach(self._package_name, self._link.connection, cause)
        await self._runtime.apps.until_stopped(self._package_name)


class WaitingSeat:
    """No place for the moment: the session left its last owner, the next one is not known yet.

    `unheard` is what the next owner is told first.
    """

    is_here = False

    def __init__(self, unheard: Iterable[Frame] = ()) -> None:
        self._unheard = _nothing_unheard()
        for frame in unheard:
            self._unheard.add(frame)

    def take_text(self, text: str) -> None:
        """Keep a frame for the next owner."""
        self._unheard.add(text)

    def take_bytes(self, data: bytes) -> None:
        """Keep sound for the next owner."""
        self._unheard.add(data)

    def give_unheard(self) -> list[Frame]:
        """Give away what was kept."""
        return self._unheard.take()

    async def leave(self, cause: str) -> None:
        """Nobody waits for the socket: the next owner takes its app for disconnected."""


class RemoteSeat:
    """A place in a session of another node: frames are sent there, and kept until that node confirms them."""

    is_here = False

    def __init__(self, node_id: str, session_id: str, package_name: str, link: LocalLink) -> None:
        self.node_id = node_id
        self.session_id = session_id
        self.package_name = package_name
        self.link = link
        self._unheard = _nothing_unheard()
        self._confirmed = 0
        self._subscription = (0, "")
        self._doubted = 0
        self._send: Callable[[dict[str, object]], bool] = wire_to(node_id).send
        self._address: dict[str, object] = {
            "type": FROM_GUEST,
            "session": session_id,
            "package": package_name,
            "node": settings.NODE_ID,
            "guest": link.connection,
        }

    def take_text(self, text: str) -> None:
        """Send a frame on its way; an app that sends more than gets there is closed 1013 and comes again."""
        number = self._unheard.add(text)
        if _is_subscription(text):
            self._subscription = (number, text)
        if not self._send({**self._address, "text": text, "number": number}):
            self.link.close(CloseCode.TRY_AGAIN_LATER, CloseReason.TOO_SLOW)

    def take_bytes(self, data: bytes) -> None:
        """Send sound on its way, or drop it when too much waits."""
        if not self._send({**self._address, "bytes": data, "number": self._unheard.add(data)}):
            metrics.relayed_frames["speaker dropped"] += 1

    def say_again(self) -> None:
        """Send a subscription again that was not confirmed since the last call: on its way Redis may have lost it."""
        number, text = self._subscription
        if number > self._confirmed:
            if number == self._doubted:
                self._send({**self._address, "text": text, "number": number})
            self._doubted = number

    def confirm(self, number: int) -> None:
        """Note that the owner handled every frame up to this number."""
        self._confirmed = max(self._confirmed, number)
        self._unheard.forget_through(number)

    def give_unheard(self) -> list[Frame]:
        """Give away what the owner did not confirm, after what the app subscribed to there.

        An owner that died or was cut off may have confirmed a subscription that it could not store; told twice, the
        same list changes nothing.
        """
        number, subscription = self._subscription
        unheard = self._unheard.take()
        return [subscription, *unheard] if 0 < number <= self._confirmed else unheard

    async def leave(self, cause: str) -> None:
        """Tell the owner that the socket closed."""
        self._send({**self._address, "gone": cause})

    def send_away(self, cause: str) -> None:
        """Tell the owner that this node shuts down and closes the socket for that."""
        self._send({**self._address, "gone": cause, "sent_away": True})


def _is_subscription(text: str) -> bool:
    if len(text) > MOST_SUBSCRIPTION_CHARACTERS or _SUBSCRIPTION_MARK not in text:
        return False
    try:
        return isinstance(decode_from_app(text), SubscriptionUpdate)
    except Malformed:
        return False
