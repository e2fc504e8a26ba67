"""How much one socket may send: a bucket of messages that refills steadily."""

MESSAGES_PER_SECOND = 2_000.0
BURST = 4_000.0
COMPLAINT_PAUSE_SECONDS = 1.0


class Bucket:
    """Says of each text frame whether it is within the limit, and when to complain about those that are not."""

    __slots__ = ("_complained_at", "_filled_at", "_left")

    def __init__(self, now: float) -> None:
        self._left = BURST
        self._filled_at = now
        self._complained_at = now - COMPLAINT_PAUSE_SECONDS

    def take(self, now: float) -> bool:
        """Take one message; `now` is the steady clock in seconds."""
        self._left = min(BURST, self._left + (now - self._filled_at) * MESSAGES_PER_SECOND)
        self._filled_at = now
        if self._left < 1.0:
            return False
        self._left -= 1.0
        return True

    def may_complain(self, now: float) -> bool:
        """Whether the peer should be told again that it sends too much: once a second."""
        if now - self._complained_at < COMPLAINT_PAUSE_SECONDS:
            return False
        self._complained_at = now
        return True
