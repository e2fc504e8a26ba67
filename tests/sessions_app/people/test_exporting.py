"""The copy of somebody's data holds everything in all rooms."""

import csv
import io
import json
from datetime import UTC, datetime

import pytest
from django.db import OperationalError

from accounts.models import DataExport
from accounts.rules.own_data import ExportFormat, ExportStatus
from accounts.services import request_export
from sessions_app.people import exporting
from sessions_app.people.exporting import content_of, make_export, render
from tests.sessions_app.people.test_leaving import somebody_with_a_past
from tests.support.personas import ADA, BOB, CAPTIONS, NOTES, make_user

pytestmark = pytest.mark.django_db


def made(kind: ExportFormat, email: str = ADA) -> DataExport:
    wanted = request_export(user=make_user(email), kind=kind)
    make_export(wanted.pk)
    wanted.refresh_from_db()
    return wanted


def test_it_holds_what_every_room_knows() -> None:
    somebody_with_a_past(ADA)
    done = made(ExportFormat.JSON)
    assert done.status == ExportStatus.COMPLETED
    said = json.loads(content_of(done))
    assert said["account"][0]["email"] == ADA
    assert [row["packageName"] for row in said["installedApps"]] == [NOTES]
    assert [row["packageName"] for row in said["registeredApps"]] == [CAPTIONS]
    assert said["appStorage"] == [{"packageName": NOTES, "values": {"note": "milk"}}]
    assert said["transcripts"][0]["text"] == "a secret"
    assert said["reports"][0]["said"] == {"description": ADA}
    assert said["photos"][0]["url"].endswith("/uploads/a.jpg")
    empty = {name for name, rows in said.items() if not rows} - {
        "testedApps",
        "appRuns",
        "settings",
        "glassesMedia",
        "onboardings",
    }
    assert empty == set()
    assert len(said["sessions"]) == 1


def test_it_says_nothing_of_others() -> None:
    somebody_with_a_past(ADA)
    said = json.loads(content_of(made(ExportFormat.JSON, BOB)))
    assert ADA not in json.dumps(said)
    assert said["transcripts"] == []


def test_a_table_has_a_line_for_each_field_and_no_formulas() -> None:
    at = datetime(2026, 1, 2, tzinfo=UTC)
    rows = [{"name": "=1+1", "at": at, "values": {"a": 1}, "gone": None, "count": -2}]
    table = list(csv.reader(io.StringIO(render({"things": rows}, ExportFormat.CSV))))
    assert table == [
        ["section", "entry", "field", "value"],
        ["things", "1", "name", "'=1+1"],
        ["things", "1", "at", "2026-01-02T00:00:00Z"],
        ["things", "1", "values", '{"a": 1}'],
        ["things", "1", "gone", ""],
        ["things", "1", "count", "-2"],
    ]


def test_one_that_fails_says_so_and_one_that_waits_is_made_later(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = request_export(user=make_user(ADA), kind=ExportFormat.CSV)
    with monkeypatch.context() as patched:
        patched.setattr(exporting, "sections_of", lambda _: (_ for _ in ()).throw(OperationalError()))
        with pytest.raises(OperationalError):
            make_export(wanted.pk)
    assert exporting.list_unmade() == [wanted.pk]
    monkeypatch.setattr(exporting, "sections_of", lambda _: (_ for _ in ()).throw(ValueError()))
    make_export(wanted.pk)
    wanted.refresh_from_db()
    assert wanted.status == ExportStatus.FAILED
    assert exporting.list_unmade() == []
