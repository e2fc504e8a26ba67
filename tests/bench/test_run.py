"""What a run takes part in, and how many people it needs."""

import argparse
import asyncio

import pytest

from bench import links, relaying
from bench.operations import limited
from bench.parts import parts_of
from bench.run import PARTS, Plan
from bench.takeover import MOVED_AT_ONCE


def a_plan(silent: int, storm: int) -> Plan:
    return Plan(frozenset(PARTS), seconds=1, rounds=1, silent=silent, kills=2, storm=storm)


def test_parts_are_chosen_by_name() -> None:
    assert parts_of(PARTS)("relay,cluster") == {"relay", "cluster"}
    with pytest.raises(argparse.ArgumentTypeError, match="relay, operations, cluster"):
        parts_of(PARTS)("relay,takeover")


def test_people_are_shared_by_the_parts_and_enough_for_each() -> None:
    assert a_plan(silent=1_000, storm=10).users == relaying.SESSIONS + 1_000
    assert a_plan(silent=10, storm=1_000).users == 2 * links.LANES + MOVED_AT_ONCE + 1_000


async def test_calls_are_limited_and_keep_their_order() -> None:
    under_way, most = 0, 0

    async def call(number: int) -> float:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0)
        under_way -= 1
        return float(number)

    numbers = list(range(10))
    assert await limited([lambda n=n: call(n) for n in numbers], 3) == numbers  # type: ignore[misc]
    assert most == 3
