"""How much one peer may send, kept per session, app or token, not per socket. Pure."""

from collections.abc import Hashable

from sessions_app.buckets import Bucket, Limit

COMPLAINT_PAUSE_SECONDS = 1.0
MOST_KNOWN_PEERS = 10_000

MESSAGES = Limit(2_000, 4_000)
# Sound is 32,000 bytes a second. A phone whose network hung sends what piled up at once.
SOUND_BYTES = Limit(8 * 32_000, 60 * 32_000)
SOUND_FRAMES = Limit(2_000, 4_000)
INTRODUCTIONS = Limit(5, 60)


class PeerLimits:
    """Says of each frame of a peer whether it is within the limits, and when to complain about those that are not."""

    __slots__ = ("_complained_at", "_messages", "_sound", "_sound_frames")

    def __init__(self, now: float) -> None:
        self._messages = Bucket(MESSAGES, now)
        self._sound = Bucket(SOUND_BYTES, now)
        self._sound_frames = Bucket(SOUND_FRAMES, now)
        self._complained_at = now - COMPLAINT_PAUSE_SECONDS

    def take(self, frame: str | bytes, now: float) -> bool:
        """Take one message or one frame of sound."""
        if isinstance(frame, str):
            return self._messages.take(now)
        return self._sound_frames.take(now) and self._sound.take(now, len(frame))

    def may_complain(self, now: float) -> bool:
        """Whether the peer should be told again that it sends too much: once a second."""
        if now - self._complained_at < COMPLAINT_PAUSE_SECONDS:
            return False
        self._complained_at = now
        return True


class KnownPeers:
    """The limits of peers by what tells them apart; those not seen for longest are forgotten first."""

    def __init__(self, most: int = MOST_KNOWN_PEERS) -> None:
        self._most = most
        self._limits: dict[Hashable, PeerLimits] = {}
        self._introductions: dict[Hashable, Bucket] = {}

    def limits_of(self, peer: Hashable, now: float) -> PeerLimits:
        """Return the limits of a peer, the same ones for each of its sockets."""
        limits = self._limits.pop(peer, None) or PeerLimits(now)
        self._limits[peer] = limits
        if len(self._limits) > self._most:
            del self._limits[next(iter(self._limits))]
        return limits

    def may_introduce_itself(self, peer: Hashable, now: float) -> bool:
        """Whether a peer may come with one more socket or introduction now."""
        bucket = self._introductions.pop(peer, None) or Bucket(INTRODUCTIONS, now)
        self._introductions[peer] = bucket
        if len(self._introductions) > self._most:
            del self._introductions[next(iter(self._introductions))]
        return bucket.take(now)


known_peers = KnownPeers()
