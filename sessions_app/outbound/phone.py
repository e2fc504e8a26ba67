"""The phone of a session as the runtime sees it: maybe a link, and when it was last heard."""

from dataclasses import dataclass

from sessions_app.outbound.link import Link
from sessions_app.protocol.base import ToGlasses
from sessions_app.protocol.codec import encode


@dataclass(slots=True)
class PhoneSeat:
    """Where a session's phone is attached. `heard_at` is the steady clock's time of its last frame.

    `seals_udp`: it asked for a key for sound by UDP (glasses-socket §1).
    """

    link: Link | None = None
    heard_at: float = 0.0
    seals_udp: bool = False

    @property
    def is_open(self) -> bool:
        """Whether a frame can be sent now."""
        return self.link is not None and self.link.is_open

    def send(self, message: ToGlasses, replaces: str = "") -> bool:
        """Send a message when the phone is there; say whether it was.

        With a name in `replaces`, an older one of that name that the phone has not taken yet is dropped for it.
        """
        if self.link is None or not self.link.is_open:
            return False
        self.link.send_text(encode(message), replaces)
        return True

    def send_raw(self, text: str) -> bool:
        """Send an already encoded frame when the phone is there; say whether it was."""
        if self.link is None or not self.link.is_open:
            return False
        self.link.send_text(text)
        return True
