"""A link to an app's socket on another node (architecture §2)."""

from sessions_app.outbound.link import new_connection
from sessions_app.outbound.node_wire import wire_to

TO_GUEST = "node.to_guest"


class RemoteLink:
    """Has the methods of a local link; frames travel to the node that holds the socket.

    `guest` is the number of the connection over there, `connection` the one it has here.
    """

    def __init__(self, node_id: str, guest: int) -> None:
        self.connection = new_connection()
        self.node_id = node_id
        self.guest = guest
        self.is_open = True

    def leads_to(self, node_id: str, guest: int) -> bool:
        """Whether this is an open link to that socket."""
        return self.is_open and (self.node_id, self.guest) == (node_id, guest)

    def send_text(self, text: str, replaces: str = "") -> None:
        """Send a text frame on its way."""
        self._send({"text": text})

    def send_bytes(self, data: bytes) -> None:
        """Send a binary frame on its way."""
        self._send({"bytes": data})

    def close(self, code: int, reason: str = "") -> None:
        """Have the socket closed over there."""
        self._send({"close": int(code), "reason": str(reason)})
        self.is_open = False

    def _send(self, content: dict[str, object]) -> None:
        if self.is_open:
            wire_to(self.node_id).send({"type": TO_GUEST, "guest": self.guest, **content})
