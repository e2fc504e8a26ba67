"""The queue and the circuit breaker of a host, by a clock that moves when it is told."""

import asyncio
import logging

import pytest

from sessions_app.app_runs import hosts as room
from sessions_app.app_runs.hosts import Admission, AppHosts, Turn
from sessions_app.app_runs.pacing import (
    AT_ONCE,
    BRIDGED_SECONDS,
    PER_SECOND,
    TRIAL_GAP_SECONDS,
    CircuitState,
    Limits,
    Occasion,
)
from sessions_app.outbound import metrics
from tests.support.fake_clock import FakeClock

URL = "https://apps.example.com/captions"
NAME = "apps.example.com:443"
PAUSE_SECONDS = 600.0


class Scene:
    """One node's hosts with their clock."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.hosts = AppHosts(self.clock, Limits(5, PAUSE_SECONDS))

    def turn(self, occasion: Occasion = Occasion.USER_START, url: str = URL) -> Turn:
        """Take a turn that is given at once."""
        turn = self.hosts.queue(url, occasion).result()
        assert turn is not None
        return turn

    def fail(self, times: int = 1, url: str = URL) -> None:
        for _ in range(times):
            turn = self.turn(url=url)
            turn.failed("HTTP 502", None)
            turn.end()

    def succeed(self) -> None:
        turn = self.turn()
        turn.answered()
        turn.end()

    def die(self) -> None:
        """Fail over longer than a restart takes."""
        self.fail(5)
        self.clock.advance(BRIDGED_SECONDS)
        self.fail()


@pytest.fixture
async def scene() -> Scene:
    metrics.open_circuits.clear()
    return Scene()


def granted(admissions: list[Admission]) -> int:
    return sum(admission.done() for admission in admissions)


async def test_a_healthy_host_gets_its_calls_spread_and_at_most_fifty_at_once(scene: Scene) -> None:
    waiting = [scene.hosts.queue(URL, Occasion.RESURRECTION) for _ in range(80)]
    assert granted(waiting) == 1
    scene.clock.advance(10 / PER_SECOND + 0.001)
    assert granted(waiting) == 11
    scene.clock.advance(60)
    assert granted(waiting) == AT_ONCE
    for admission in waiting[:AT_ONCE]:
        turn = admission.result()
        assert turn is not None
        turn.end()
    scene.clock.advance(60)
    assert granted(waiting) == 80


async def test_one_trial_at_a_time_decides_for_all_who_wait(scene: Scene) -> None:
    scene.fail(5)
    assert scene.hosts.state_of(URL) is CircuitState.TRYING
    waiting = [scene.hosts.queue(URL, Occasion.RESURRECTION) for _ in range(30)]
    assert granted(waiting) == 0
    scene.clock.advance(TRIAL_GAP_SECONDS)
    assert granted(waiting) == 1
    scene.clock.advance(60)
    assert granted(waiting) == 1
    trial = waiting[0].result()
    assert trial is not None
    trial.answered()
    trial.end()
    scene.clock.advance(1)
    assert granted(waiting) == 30


async def test_a_failed_trial_lets_the_next_one_try_after_a_while(scene: Scene) -> None:
    scene.fail(5)
    waiting = [scene.hosts.queue(URL, Occasion.RESURRECTION) for _ in range(3)]
    scene.clock.advance(TRIAL_GAP_SECONDS)
    trial = waiting[0].result()
    assert trial is not None
    trial.failed("HTTP 503", 9.0)
    trial.end()
    scene.clock.advance(8.9)
    assert granted(waiting) == 1
    scene.clock.advance(0.2)
    assert granted(waiting) == 2


async def test_who_asks_by_hand_never_waits(scene: Scene) -> None:
    scene.die()
    under_way = scene.turn()
    assert scene.turn() is not under_way


async def test_a_dead_host_is_spared_what_nobody_asks_for(scene: Scene) -> None:
    scene.die()
    assert scene.hosts.is_held_back(URL)
    assert scene.hosts.queue(URL, Occasion.RESTORE).result() is None
    waiting = scene.hosts.queue(URL, Occasion.RESURRECTION)
    assert not waiting.done()
    scene.clock.advance(TRIAL_GAP_SECONDS)
    assert waiting.done()


async def test_after_the_pause_one_trial_is_let_through(scene: Scene) -> None:
    scene.die()
    scene.clock.advance(PAUSE_SECONDS)
    first, second = (scene.hosts.queue(URL, Occasion.RESTORE) for _ in range(2))
    trial = first.result()
    assert trial is not None
    assert not second.done()
    trial.failed("HTTP 502", None)
    trial.end()
    assert second.result() is None


async def test_a_socket_of_any_app_of_the_host_closes_its_circuit(scene: Scene) -> None:
    scene.die()
    waiting = scene.hosts.queue(URL, Occasion.RESURRECTION)
    scene.hosts.heard_from("https://apps.example.com/another-app")
    assert scene.hosts.state_of(URL) is CircuitState.CLOSED
    scene.clock.advance(1 / PER_SECOND)
    assert waiting.done()


async def test_other_hosts_are_not_concerned(scene: Scene) -> None:
    scene.die()
    assert scene.hosts.state_of("https://elsewhere.example.com") is CircuitState.CLOSED
    assert scene.turn(Occasion.RESTORE, "https://elsewhere.example.com") is not None


async def test_who_leaves_the_queue_is_not_called_for(scene: Scene) -> None:
    scene.fail(5)
    first, second = (scene.hosts.queue(URL, Occasion.RESURRECTION) for _ in range(2))
    scene.hosts.leave(URL, first)
    scene.clock.advance(TRIAL_GAP_SECONDS)
    assert first.cancelled()
    assert second.done()


async def test_an_unused_turn_goes_to_the_next(scene: Scene) -> None:
    scene.fail(5)
    first, second = (scene.hosts.queue(URL, Occasion.RESURRECTION) for _ in range(2))
    scene.clock.advance(TRIAL_GAP_SECONDS)
    scene.hosts.leave(URL, first)
    assert second.done()


async def test_a_healthy_host_is_forgotten_and_the_others_are_bounded(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "MOST_HOSTS", 10)
    scene.succeed()
    assert len(scene.hosts) == 0
    for number in range(25):
        scene.fail(5, url=f"https://host{number}.example.com")
    assert len(scene.hosts) == 10
    assert len(metrics.open_circuits) == 10


async def test_an_operator_sees_it(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    before = metrics.circuits.copy()
    with caplog.at_level(logging.WARNING):
        scene.die()
        assert metrics.open_circuits[NAME] == 1
        assert "2026-01-02 03:04:05 UTC" in scene.hosts.describe(URL)
        assert "is not called by itself before 2026-01-02 03:15:53 UTC" in scene.hosts.describe(URL)
        scene.succeed()
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 3
    assert said[0] == f"{NAME} failed 5 times in a row (HTTP 502); it is tried by one call at a time"
    assert said[1].startswith(f"{NAME} has not answered for 108 s (HTTP 502)")
    assert said[2] == f"{NAME} answers again after 108 s"
    assert NAME not in metrics.open_circuits
    assert scene.hosts.describe(URL) == ""
    changes = metrics.circuits - before
    assert changes == {"trying": 1, "open": 1, "closed": 1}


async def test_a_cancelled_wait_leaves_nothing_behind(scene: Scene) -> None:
    scene.fail(5)

    async def wait() -> None:
        admission = scene.hosts.queue(URL, Occasion.RESURRECTION)
        try:
            await admission
        finally:
            scene.hosts.leave(URL, admission)

    task = asyncio.create_task(wait())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    scene.clock.advance(60)
    scene.succeed()
    assert len(scene.hosts) == 0
