"""When a worker is full of work: busy for long, and late."""

from collections.abc import Callable

import pytest

from sessions_app.speech.worker.load import Load


class Machine:
    """Time, and the processor time of this process."""

    def __init__(self) -> None:
        self.now = 0.0
        self.cpu = 0.0

    def pass_seconds(self, seconds: int, share: float, look: Callable[[], float]) -> None:
        for _ in range(seconds):
            self.now += 1
            self.cpu += share
            look()


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine()
    monkeypatch.setattr("time.process_time", lambda: made.cpu)
    return made


@pytest.fixture
def load(machine: Machine) -> Load:
    return Load(1, late_seconds=3.0, clock=lambda: machine.now)


def test_it_is_the_part_of_its_processors_in_use(machine: Machine, load: Load) -> None:
    machine.pass_seconds(30, 0.5, load.look)

    assert load.used == pytest.approx(0.5, abs=0.01)


def test_busy_and_late_for_ten_seconds_is_too_much(machine: Machine, load: Load) -> None:
    machine.pass_seconds(10, 1.0, load.look)
    load.note_final(5.0)
    assert not load.is_overloaded
    machine.pass_seconds(9, 1.0, load.look)

    assert load.is_overloaded


def test_busy_but_in_time_is_not(machine: Machine, load: Load) -> None:
    machine.pass_seconds(20, 1.0, load.look)
    load.note_final(0.9)

    assert not load.is_overloaded


def test_it_is_over_when_there_is_less_to_do(machine: Machine, load: Load) -> None:
    machine.pass_seconds(20, 1.0, load.look)
    load.note_final(5.0)
    machine.pass_seconds(3, 0.0, load.look)

    assert not load.is_overloaded
