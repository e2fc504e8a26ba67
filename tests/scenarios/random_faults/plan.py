"""Which step is taken when, by whom: drawn from a seed, so that a failed run can be played again. Pure."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# What every run of the tests plays: short, and with every action in it.
USUAL_SEED = 1
USUAL_STEPS = 220
SECONDS_PER_STEP = 0.2
MACHINE_SHARE = 0.12
STREAMS = ("button_press", "head_position", "phone_battery_update", "switch_status")

# Weights: what users, their phones and their apps do, and what happens to machines.
USER_ACTIONS: Mapping[str, int] = {
    "press": 60,  # a few events, then a ping
    "subscribe": 12,  # an app replaces its subscriptions
    "start": 12,
    "stop": 4,
    "drop": 6,  # the phone loses its network for a moment
    "move": 15,  # the phone dials another node
    "storm": 3,  # several dials in quick succession
    "swap": 4,  # the user's other phone is taken
    "leave": 4,  # the phone is off for a while, maybe longer than the grace period
    "blip": 8,  # an app loses the socket of this user
    "draw": 4,
}
MACHINE_ACTIONS: Mapping[str, int] = {
    "kill_node": 6,
    "stop_node": 4,
    "freeze_node": 6,
    "kill_worker": 2,
    "kill_beat": 2,
    "freeze_worker": 1,
    "kill_redis": 3,
    "freeze_redis": 2,
    "cut_database": 2,
    "crash_app": 2,  # its memory and sockets are gone, its port refuses
    "roll_app": 2,  # sockets closed in order, its port answers 502 or 503
    "cut_app": 2,  # its network is cut for a moment
}


@dataclass(frozen=True)
class Step:
    """Do `action` at `at` seconds after the start. `who` is a user's number, or -1 for a machine.

    `choice` and `amount` are random numbers from 0 to 1 that the action makes something of: which one, how much.
    """

    at: float
    who: int
    action: str
    choice: float
    amount: float


MACHINE = -1


def make_plan(seed: int, steps: int, users: int) -> list[Step]:
    """Return `steps` steps in the order of their times."""
    dice = random.Random(seed)  # noqa: S311 - a plan to be repeated, nothing secret
    return [_step(dice, number * SECONDS_PER_STEP, users) for number in range(steps)]


def _step(dice: random.Random, at: float, users: int) -> Step:
    if dice.random() < MACHINE_SHARE:
        return Step(at, MACHINE, _draw(dice, MACHINE_ACTIONS), dice.random(), dice.random())
    return Step(at, dice.randrange(users), _draw(dice, USER_ACTIONS), dice.random(), dice.random())


def _draw(dice: random.Random, weights: Mapping[str, int]) -> str:
    return dice.choices(list(weights), list(weights.values()))[0]


def pick(choice: float, options: Sequence[str]) -> str:
    """Turn a number from 0 to 1 into one of the options."""
    return options[min(int(choice * len(options)), len(options) - 1)]


def pick_streams(amount: float) -> tuple[str, ...]:
    """Turn a number from 0 to 1 into a set of streams, never empty."""
    number = 1 + int(amount * (2 ** len(STREAMS) - 1))
    return tuple(name for bit, name in enumerate(STREAMS) if number >> bit & 1) or STREAMS[:1]
