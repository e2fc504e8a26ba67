"""Worker and beat die: sockets stay, and every grace period that ran out meanwhile is enforced once (lifecycle §2)."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.scenarios.outages.story import PATIENCE_SECONDS, kill, running, until_disposed_once
from tests.support.cloud import Cloud
from tests.support.commands import ROOT
from tests.support.probing import transitions, until_well
from tests.support.stage import Stage

# As if nobody had finished the disposal for longer than the product waits for a run that may still be at it.
_LONG_AGO = """
from datetime import timedelta
from django.db.models import F
from sessions_app.models import UserSession
begun = UserSession.objects.filter(pk={session!r}, state="DISPOSING")
begun.update(disposing_at=F("disposing_at") - timedelta(seconds=31))
"""

pytestmark = pytest.mark.timeout(120)


async def test_grace_periods_that_end_while_the_worker_is_dead_are_enforced_once(
    fragile_stage: Stage,
) -> None:
    stage = fragile_stage
    gone, here = await running(stage, "gone"), await running(stage, "here")
    await gone.phone.abort()

    kill(stage.cloud.part("celery", "worker"))
    await here.assert_connected()

    await until_disposed_once(stage, gone)
    await here.assert_connected()
    await until_well(stage.cloud)


async def test_a_disposal_whose_worker_died_is_finished_by_another_run(fragile_stage: Stage) -> None:
    stage = fragile_stage
    ada = await running(stage)
    row = await stage.session(ada.person)
    assert row is not None
    ada.app.server.delay_seconds = 2.0
    await ada.phone.abort()

    await ada.app.server.webhooks.take(PATIENCE_SECONDS, type="stop_request")
    kill(stage.cloud.part("celery", "worker"))

    assert (await transitions(stage.cloud, row["id"]))[-1] == "DISPOSING"
    await asyncio.to_thread(stage.cloud.run, "shell", "-v", "0", "-c", _LONG_AGO.format(session=row["id"]))
    await stage.until_session(
        ada.person, "disposed", lambda row: row["state"] == "DISPOSED", PATIENCE_SECONDS
    )
    assert (await transitions(stage.cloud, row["id"])).count("DISPOSED") == 1
    assert ada.stop_requests() == 1


async def test_grace_periods_that_end_while_beat_is_dead_are_enforced_once(fragile_stage: Stage) -> None:
    stage = fragile_stage
    gone, here = await running(stage, "gone"), await running(stage, "here")
    await gone.phone.abort()

    kill(stage.cloud.part("celery", "beat"))
    await here.assert_connected()

    await until_disposed_once(stage, gone)
    await here.assert_connected()


async def test_a_second_beat_by_mistake_changes_nothing(fragile_stage: Stage, tmp_path: Path) -> None:
    stage = fragile_stage
    with _another_beat(stage.cloud, tmp_path / "schedule"):
        people = [await running(stage, f"gone{number}") for number in range(2)]
        await asyncio.gather(*(story.phone.abort() for story in people))
        for story in people:
            await until_disposed_once(stage, story)


@contextmanager
def _another_beat(cloud: Cloud, schedule: Path) -> Iterator[None]:
    """Run one beat more than there should be; yields once it keeps its time."""
    command = [sys.executable, "-m", "celery", "--quiet", "-A", "mentra_site", "beat", "--pidfile="]
    environment = {"DJANGO_SETTINGS_MODULE": "mentra_site.settings.dev", **cloud.environment}
    with subprocess.Popen(
        [*command, "--schedule", str(schedule)], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL
    ) as process:
        try:
            _wait_for_schedule(schedule, process)
            yield
        finally:
            process.kill()


def _wait_for_schedule(schedule: Path, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if any(schedule.parent.glob(f"{schedule.name}*")):
            return
        assert process.poll() is None, "the second beat did not start"
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.1)
    raise AssertionError("the second beat keeps no schedule")
