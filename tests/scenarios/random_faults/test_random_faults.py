"""Phones, apps, nodes and workers die and return in random order; whatever happens, the invariants hold.

RANDOM_FAULT_SEED (one number, or several with commas) and RANDOM_FAULT_STEPS choose other plans for long hunts:

    RANDOM_FAULT_SEED=7 RANDOM_FAULT_STEPS=1000 .venv/bin/python -m pytest tests/scenarios -k nothing_is_lost
"""

import asyncio
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

import psycopg
import pytest

from tests.scenarios.random_faults.checker import broken
from tests.scenarios.random_faults.event_checks import certain_deliveries
from tests.scenarios.random_faults.history import Healed
from tests.scenarios.random_faults.plan import SECONDS_PER_STEP, USUAL_SEED, USUAL_STEPS, Step, make_plan
from tests.scenarios.random_faults.rows import Database
from tests.scenarios.random_faults.story import Story
from tests.support.cloud import Cloud
from tests.support.cloud_fixtures import KNOWN_SECRET, SERVER
from tests.support.postgres import fresh_database, url_of

SEEDS = [int(seed) for seed in os.environ.get("RANDOM_FAULT_SEED", str(USUAL_SEED)).split(",")]
STEPS = int(os.environ.get("RANDOM_FAULT_STEPS", str(USUAL_STEPS)))
USERS = 6
FAMILIES = ("A", "C")
GRACE_SECONDS = 9.0
# A story in which hardly anything had to arrive proves little; some fifty are usual.
FEWEST_CERTAIN_DELIVERIES = 5
LOG_LINES = 400

# About a third of the defaults; what silent nodes held is lost before its grace period is over.
DEADLINES = {
    "SESSION_GRACE_SECONDS": str(GRACE_SECONDS),
    "APP_GRACE_SECONDS": "3.3",
    "SWEEP_SECONDS": "1",
    "NODE_LOST_SECONDS": "4",
    "APP_START_TIMEOUT_SECONDS": "7",
    "WEBHOOK_TIMEOUT_SECONDS": "2",
    "PARKING_SECONDS": "10",
}


@pytest.fixture
def stormy() -> Iterator[tuple[Cloud, Database]]:
    """Three nodes with short deadlines, on PostgreSQL where it answers."""
    with ExitStack() as stack:
        settings, url = KNOWN_SECRET | DEADLINES, None
        with suppress(psycopg.OperationalError):
            url = settings["DATABASE_URL"] = url_of(*stack.enter_context(fresh_database()))
        cloud = stack.enter_context(Cloud(settings, server=SERVER, nodes=3))
        yield cloud, Database(url, cloud.data_dir)


@contextmanager
def accounted_for(seed: int, steps: list[Step], cloud: Cloud) -> Iterator[None]:
    """Print, for a failure's report, how to repeat it, what was done, and what the cloud logged last."""
    try:
        yield
    except BaseException:
        print(f"RANDOM_FAULT_SEED={seed} RANDOM_FAULT_STEPS={STEPS}", *steps, sep="\n")
        print(cloud.log_tail(LOG_LINES))
        raise


@pytest.mark.timeout(240 + 2 * STEPS * SECONDS_PER_STEP)
@pytest.mark.parametrize("seed", SEEDS)
async def test_nothing_is_lost(seed: int, stormy: tuple[Cloud, Database]) -> None:
    cloud, database = stormy
    async with Story(cloud, database, seed=seed, users=USERS, families=FAMILIES) as story:
        with accounted_for(seed, story.done, cloud):
            away = story.wearers[-1:]
            await story.begin()
            await story.play(make_plan(seed, STEPS, USERS))
            await story.settle(away)
            await story.hear_fresh_events(away)
            rows = await asyncio.to_thread(database.read)
            violations = broken(story.history, rows, GRACE_SECONDS)
            assert not violations, "\n".join(violations)
            healed = story.history.of(Healed)[0].at
            certain = [event for event, _ in certain_deliveries(story.history, rows) if event.at < healed]
            assert len(certain) >= FEWEST_CERTAIN_DELIVERIES
