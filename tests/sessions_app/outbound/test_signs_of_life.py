"""Signs of life as operators read them."""

import time

import pytest

from sessions_app.outbound import signs_of_life as room
from sessions_app.outbound.signs_of_life import Sign, signs_of_life


class Keys:
    """A Redis that holds some keys."""

    def __init__(self, held: dict[str, str]) -> None:
        self.held = {f"mentra:{name}": text for name, text in held.items()}

    def mget(self, names: list[str]) -> list[str | None]:
        return [self.held.get(name) for name in names]


def hold(monkeypatch: pytest.MonkeyPatch, held: dict[str, str]) -> None:
    monkeypatch.setattr(room, "blocking_redis", lambda: Keys(held))


def test_signs_are_late_or_not(monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    hold(monkeypatch, {"worker:heartbeat": str(now - 3), "beat:heartbeat": str(now - 500)})
    worker, beat = signs_of_life()
    assert (worker.name, worker.is_late) == ("worker", False)
    assert (beat.name, beat.is_late) == ("beat", True)
    hold(monkeypatch, {})
    assert signs_of_life() == [Sign("worker", None, is_late=True), Sign("beat", None, is_late=True)]
