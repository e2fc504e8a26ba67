"""A socket may burst, then send steadily, and is told about it once a second when it does more."""

from sessions_app.transport.limits import BURST, MESSAGES_PER_SECOND, Bucket


def _spend(bucket: Bucket, now: float) -> int:
    taken = 0
    while bucket.take(now):
        taken += 1
    return taken


def test_a_fresh_socket_may_burst() -> None:
    assert _spend(Bucket(0.0), 0.0) == BURST


def test_an_empty_bucket_refills_steadily() -> None:
    bucket = Bucket(0.0)
    _spend(bucket, 0.0)
    assert _spend(bucket, 0.5) == MESSAGES_PER_SECOND / 2


def test_a_bucket_never_holds_more_than_a_burst() -> None:
    bucket = Bucket(0.0)
    assert _spend(bucket, 1e6) == BURST


def test_complaints_are_a_second_apart() -> None:
    bucket = Bucket(0.0)
    assert [bucket.may_complain(now) for now in (0.0, 0.5, 0.99, 1.0, 1.5, 2.0)] == [
        True,
        False,
        False,
        True,
        False,
        True,
    ]
