"""A link to an app's socket on another node (architecture §2)."""

import asyncio
import time

from django.conf import settings

from sessions_app.outbound import metrics
from sessions_app.outbound.link import Tap, new_connection
from sessions_app.outbound.node_wire import wire_to
from sessions_app.protocol.codes import CloseCode, CloseReason

TO_GUEST = "node.to_guest"
CONFIRMED = "node.confirmed"
CONFIRM_SECONDS = 0.05


class RemoteLink:
    """Has the methods of a local link; frames travel to the node that holds the socket.

    `guest` is the number of the connection over there, `connection` the one it has here. The frames that come from
    there are confirmed, so that those which were not can follow the socket to the next owner.
    """

    def __init__(self, node_id: str, guest: int) -> None:
        self.connection = new_connection()
        metrics.born("remote_links", self)
        self.node_id = node_id
        self.guest = guest
        self.is_open = True
        self.tap: Tap | None = None
        self.made_at = time.monotonic()
        self._handled = 0
        self._confirming: asyncio.TimerHandle | None = None

    def leads_to(self, node_id: str, guest: int) -> bool:
        """Whether this is the link to that socket, open or just being closed."""
        return (self.node_id, self.guest) == (node_id, guest)

    def send_text(self, text: str, replaces: str = "") -> None:
        """Send a text frame on its way; a socket for which too much waits already is closed 1013."""
        if self.tap is not None and self.is_open:
            self.tap.sent(text)
        if not self._send({"text": text}):
            metrics.socket_closes["any", "slow"] += 1
            self.close(CloseCode.TRY_AGAIN_LATER, CloseReason.TOO_SLOW)

    def send_bytes(self, data: bytes) -> None:
        """Send a binary frame on its way, or drop it when too much waits."""
        if self.tap is not None and self.is_open:
            self.tap.sent_bytes(len(data))
        if not self._send({"bytes": data}):
            metrics.dropped_audio_frames["node"] += 1

    def close(self, code: int, reason: str = "") -> None:
        """Have the socket closed over there."""
        self._send({"close": int(code), "reason": str(reason)})
        self.is_open = False

    def handled(self, number: int) -> None:
        """Note that the frame of this number was handled; it is confirmed soon, with those that follow at once."""
        self._handled = number
        if self._confirming is None:
            loop = asyncio.get_running_loop()
            self._confirming = loop.call_later(CONFIRM_SECONDS, self.confirm)

    def confirm(self) -> None:
        """Confirm now what was handled and not confirmed yet."""
        if self._confirming is None:
            return
        self._confirming.cancel()
        self._confirming = None
        wire_to(self.node_id).send(
            {"type": CONFIRMED, "guest": self.guest, "from": settings.NODE_ID, "number": self._handled}
        )

    def _send(self, content: dict[str, object]) -> bool:
        """Say whether there was room for a frame; what is sent into a closed link is nobody's loss."""
        if not self.is_open:
            return True
        address = {"type": TO_GUEST, "guest": self.guest, "from": settings.NODE_ID}
        return wire_to(self.node_id).send({**address, **content})
