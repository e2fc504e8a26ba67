"""How far somebody is, by what is there and what has happened; nothing is ticked off by hand. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class StepState(StrEnum):
    """A step is done, is to be done now, or comes later."""

    DONE = "done"
    NOW = "now"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is true of one person and one app: it exists, has a working key, connected by it, ran on their glasses."""

    has_app: bool = False
    has_key: bool = False
    has_connected: bool = False
    has_run: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the tour."""

    number: int
    title: str
    state: StepState


TITLES = (
    "Name your app",
    "Make it an API key",
    "Run its server",
    "See that it answers",
    "Put on the glasses",
)
_RUNNING = 2


def steps_of(facts: Facts) -> list[Step]:
    """Return the five steps. Running the server and seeing it answer are one wait, so both are now."""
    runs = facts.has_connected or facts.has_run
    done = (facts.has_app, facts.has_key or runs, runs, runs, facts.has_run)
    first = next((place for place, is_done in enumerate(done) if not is_done), len(done))
    now = {first, first + 1} if first == _RUNNING else {first}
    return [
        Step(place + 1, title, StepState.DONE if done[place] else _open(place in now))
        for place, title in enumerate(TITLES)
    ]


def is_finished(steps: Sequence[Step]) -> bool:
    """Say whether the last step is done, which needs all the others."""
    return steps[-1].state is StepState.DONE


def _open(is_now: bool) -> StepState:
    return StepState.NOW if is_now else StepState.LATER
