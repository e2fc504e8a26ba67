"""A peer may burst, then send steadily, and is told about it once a second when it does more."""

from collections.abc import Callable

from sessions_app.buckets import Bucket
from sessions_app.transport.limits import (
    INTRODUCTIONS,
    MESSAGES,
    SOUND_BYTES,
    SOUND_FRAMES,
    KnownPeers,
    PeerLimits,
)

SECOND_OF_SOUND = bytes(32_000)


def spend(take: Callable[[], bool]) -> int:
    """Take until nothing is left; return how often that worked."""
    taken = 0
    while take():
        taken += 1
    return taken


def test_a_fresh_bucket_may_be_emptied_at_once_and_refills_steadily() -> None:
    bucket = Bucket(MESSAGES, 0.0)
    assert spend(lambda: bucket.take(0.0)) == MESSAGES.burst
    assert spend(lambda: bucket.take(0.5)) == MESSAGES.per_second / 2


def test_a_bucket_never_holds_more_than_a_burst() -> None:
    bucket = Bucket(MESSAGES, 0.0)
    assert spend(lambda: bucket.take(1e6)) == MESSAGES.burst


def test_sound_at_the_pace_of_speech_is_never_refused() -> None:
    limits = PeerLimits(0.0)
    assert all(limits.take(bytes(640), number / 50) for number in range(50 * 300))


def test_a_minute_of_sound_that_piled_up_is_taken_at_once_and_more_is_not() -> None:
    limits = PeerLimits(0.0)
    assert spend(lambda: limits.take(SECOND_OF_SOUND, 0.0)) == 60
    assert spend(lambda: limits.take(SECOND_OF_SOUND, 1.0)) == SOUND_BYTES.per_second / len(SECOND_OF_SOUND)


def test_tiny_frames_of_sound_are_limited_by_their_number_and_leave_messages_alone() -> None:
    limits = PeerLimits(0.0)
    assert spend(lambda: limits.take(b"xy", 0.0)) == SOUND_FRAMES.burst
    assert limits.take("a message", 0.0)


def test_complaints_are_a_second_apart() -> None:
    limits = PeerLimits(0.0)
    assert [limits.may_complain(now) for now in (0.0, 0.5, 0.99, 1.0, 1.5, 2.0)] == [
        True,
        False,
        False,
        True,
        False,
        True,
    ]


def test_a_peer_has_the_same_limits_on_each_of_its_sockets() -> None:
    peers = KnownPeers()
    first = peers.limits_of("session", 0.0)
    spend(lambda: first.take("x", 0.0))

    assert not peers.limits_of("session", 0.0).take("x", 0.0)
    assert peers.limits_of("another", 0.0).take("x", 0.0)


def test_a_peer_that_keeps_coming_is_turned_away_and_others_are_not() -> None:
    peers = KnownPeers()
    assert spend(lambda: peers.may_introduce_itself("loud", 0.0)) == INTRODUCTIONS.burst
    assert peers.may_introduce_itself("quiet", 0.0)
    assert spend(lambda: peers.may_introduce_itself("loud", 2.0)) == 2 * INTRODUCTIONS.per_second


def test_the_peers_not_seen_for_longest_are_forgotten() -> None:
    peers = KnownPeers(most=3)
    for name in "abc":
        spend(lambda name=name: peers.may_introduce_itself(name, 0.0))  # type: ignore[misc]
    peers.limits_of("a", 0.0)
    assert not peers.may_introduce_itself("a", 0.0)
    peers.may_introduce_itself("d", 0.0)

    assert not peers.may_introduce_itself("a", 0.0)
    assert peers.may_introduce_itself("b", 0.0)
