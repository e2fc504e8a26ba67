"""How long an app's socket waits for its user, and how often it looks meanwhile. Knows no socket."""

from sessions_app.clock import Clock

LOOK_AGAIN_SECONDS = (0.5, 1.0, 2.0, 4.0, 8.0)


class Patience:
    """How long a socket may still wait for its user. It is woken when the user comes to any node.

    That news may be missed while the user goes on to the next node, so now and then the socket looks by itself.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until: float | None = None
        self._pauses = iter(LOOK_AGAIN_SECONDS)

    @property
    def has_begun(self) -> bool:
        """Whether the socket waited already."""
        return self._until is not None

    @property
    def is_over(self) -> bool:
        """Whether it waited long enough."""
        return self._until is not None and self._clock.monotonic() >= self._until

    def begin(self, seconds: float) -> None:
        """Start to wait."""
        self._until = self._clock.monotonic() + seconds

    def next_pause(self) -> float:
        """Return after how many seconds to look again."""
        left = (self._until or 0.0) - self._clock.monotonic()
        return max(0.0, min(left, next(self._pauses, LOOK_AGAIN_SECONDS[-1])))
