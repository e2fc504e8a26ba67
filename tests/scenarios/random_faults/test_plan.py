"""A plan follows from its seed."""

from collections import Counter

from tests.scenarios.random_faults.plan import (
    MACHINE,
    MACHINE_ACTIONS,
    STREAMS,
    USER_ACTIONS,
    USUAL_SEED,
    USUAL_STEPS,
    make_plan,
    pick_streams,
)

USERS = 6


def test_the_same_seed_makes_the_same_plan() -> None:
    assert make_plan(7, 300, USERS) == make_plan(7, 300, USERS)
    assert make_plan(7, 300, USERS) != make_plan(8, 300, USERS)


def test_a_longer_plan_begins_like_the_shorter_one() -> None:
    assert make_plan(7, 900, USERS)[:300] == make_plan(7, 300, USERS)


def test_the_usual_plan_has_every_action() -> None:
    plan = make_plan(USUAL_SEED, USUAL_STEPS, USERS)
    assert {step.action for step in plan if step.who == MACHINE} == set(MACHINE_ACTIONS)
    assert {step.action for step in plan if step.who != MACHINE} == set(USER_ACTIONS)
    assert set(Counter(step.who for step in plan)) == {MACHINE, *range(USERS)}
    assert [step.at for step in plan] == sorted(step.at for step in plan)


def test_every_set_of_streams_but_the_empty_one_may_be_picked() -> None:
    picked = {pick_streams(number / 1_000) for number in range(1_000)}
    assert len(picked) == 2 ** len(STREAMS) - 1
    assert () not in picked
