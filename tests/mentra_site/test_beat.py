"""The clock of the cloud starts with whatever its last run left behind."""

import dbm.dumb
from collections.abc import Callable
from pathlib import Path

import pytest

from mentra_site.beat import Scheduler
from mentra_site.celery import app


def garbage(file: str) -> None:
    Path(file).write_bytes(bytes(range(256)) * 20)


def half_written(file: str) -> None:
    with dbm.dumb.open(file, "n") as store:
        store["entries"] = b""


def of_another_version(file: str) -> None:
    """Entries of a class that is not there any more."""
    with dbm.dumb.open(file, "n") as store:
        store["entries"] = b"cmentra_site.nowhere\nGone\n."


@pytest.mark.parametrize("damage", [garbage, half_written, of_another_version])
def test_a_damaged_schedule_is_begun_anew(tmp_path: Path, damage: Callable[[str], None]) -> None:
    file = str(tmp_path / "schedule")
    damage(file)

    scheduler = Scheduler(app, schedule_filename=file)
    jobs = set(scheduler.schedule)
    scheduler.close()

    assert jobs >= set(app.conf.beat_schedule)
    again = Scheduler(app, schedule_filename=file)
    assert set(again.schedule) == jobs
    again.close()
