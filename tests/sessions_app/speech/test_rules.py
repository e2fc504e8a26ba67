"""Sessions spread over workers, and few move when workers change."""

from collections import Counter

from sessions_app.speech.rules import ranked

SESSIONS = [f"session-{number}" for number in range(2_000)]


def test_every_process_finds_the_same_order() -> None:
    assert ranked("s", ["a", "b", "c"]) == ranked("s", ["c", "a", "b"])


def test_sessions_spread_evenly() -> None:
    first = Counter(ranked(session, ["a", "b", "c", "d"])[0] for session in SESSIONS)

    assert all(400 < number < 600 for number in first.values())


def test_only_the_sessions_of_a_worker_that_went_move() -> None:
    before = {session: ranked(session, ["a", "b", "c"]) for session in SESSIONS}

    for session, order in before.items():
        assert ranked(session, ["a", "c"]) == [worker for worker in order if worker != "b"]
