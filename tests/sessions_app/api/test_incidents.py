"""People report, apps add their logs, each only what is theirs; a repeated request changes nothing (rest §9)."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts import limits
from sessions_app import tasks
from sessions_app.api import incidents as endpoints
from sessions_app.incidents.attachments import forget_incidents, open_attachment
from sessions_app.incidents.tokens import UploadGrant, issue_upload_token
from sessions_app.models import Incident, IncidentAttachment, IncidentLog
from tests.sessions_app.api.conftest import Ask, photo_file
from tests.support.images import picture
from tests.support.personas import ADA, BOB, CAPTIONS, NOTES, make_app, make_user
from tests.support.sessions import connect_phone

pytestmark = pytest.mark.django_db
REPORT = {"feedback": {"type": "bug", "description": "It froze"}, "phoneState": {"battery": 7}}
LINES = [{"timestamp": 1767322145678, "level": "info", "message": "x"}]


@pytest.fixture(autouse=True)
def handed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What was handed to a worker."""
    ids: list[str] = []
    monkeypatch.setattr(tasks.collect_incident, "apply_async", lambda args, **_: ids.append(args[0]))
    yield ids


@pytest.fixture
def incident(ask: Ask) -> Incident:
    """Ada's report."""
    connect_phone(make_user(ADA))
    status, said = ask("POST", "/api/incidents", REPORT)
    assert (status, said["success"]) == (200, True)
    return Incident.objects.get(pk=said["incidentId"])


def files() -> set[str]:
    return set(default_storage.listdir("incidents")[1]) if default_storage.exists("incidents") else set()


def test_a_report_is_kept_with_its_session_and_once(ask: Ask, incident: Incident, handed: list[str]) -> None:
    assert (incident.summary, incident.said, incident.phone_state) == (
        "It froze",
        REPORT["feedback"],
        REPORT["phoneState"],
    )
    assert incident.session_id
    assert ask("POST", "/api/incidents", REPORT)[1]["incidentId"] == str(incident.pk)
    assert Incident.objects.count() == 1
    assert set(handed) == {str(incident.pk)}


@pytest.mark.parametrize("body", [{}, {"feedback": "text"}, {"feedback": {}, "phoneState": []}])
def test_a_report_that_says_nothing_is_refused(ask: Ask, body: Any) -> None:
    assert ask("POST", "/api/incidents", body)[0] == 400


def test_the_phone_brings_its_logs_once_and_strangers_none(ask: Ask, incident: Incident) -> None:
    path, body = f"/api/incidents/{incident.pk}/logs", {"source": "glasses_firmware", "logs": LINES}
    assert [ask("POST", path, body) for _ in range(2)] == [(200, {"success": True})] * 2
    assert [log.source for log in incident.logs.all()] == ["glasses_firmware"]
    assert ask("POST", path, body, email=BOB)[0] == 404
    assert ask("POST", "/api/incidents/none/logs", body)[0] == 404
    for wrong in ({"source": "app", "logs": LINES}, {"logs": "x"}, {"source": "phone"}):
        assert ask("POST", path, wrong)[0] == 400


def test_an_app_brings_its_logs_by_either_way_and_only_its_own(ask: Ask, incident: Incident) -> None:
    app, other = make_app(CAPTIONS), make_app(NOTES)
    path = f"/api/incidents/{incident.pk}/logs"
    token = issue_upload_token(UploadGrant(str(incident.pk), CAPTIONS, ADA))
    body = {"type": "telemetry_response", "packageName": NOTES, "source": "phone", "logs": LINES}
    assert ask("POST", path, body, token=token) == (200, {"success": True})
    (log,) = incident.logs.all()
    assert (log.source, log.package_name) == ("app", CAPTIONS)

    def with_key(package: str, key: str, upload_token: Any) -> int:
        said = {"logs": [{"message": "by key"}], "uploadToken": upload_token}
        headers = {"x-app-api-key": key, "x-app-package": package}
        answer = Client().post(path, said, content_type="application/json", headers=headers)
        return answer.status_code

    assert with_key(CAPTIONS, app.api_key, token) == 200
    assert incident.logs.filter(package_name=CAPTIONS).count() == 2
    assert with_key(NOTES, other.api_key, token) == 401
    assert with_key(CAPTIONS, other.api_key, token) == 401
    assert with_key(CAPTIONS, app.api_key, "nonsense") == 401
    assert with_key(CAPTIONS, app.api_key, None) == 401
    elsewhere = issue_upload_token(UploadGrant("another", CAPTIONS, ADA))
    assert ask("POST", path, body, token=elsewhere)[0] == 404


def test_pictures_are_decoded_and_kept_once(ask: Ask, incident: Incident) -> None:
    path = f"/api/incidents/{incident.pk}/attachments"
    form = {"files": [photo_file(name="a.jpg"), photo_file(picture("PNG", (20, 10)), name="b.png")]}
    status, said = ask("POST", path, form=form)
    assert status == 200
    assert [(each["id"], each["filename"], each["contentType"]) for each in said["files"]] == [
        (1, "a.jpg", "image/jpeg"),
        (2, "b.png", "image/png"),
    ]
    assert ask("POST", path, form={"files": [photo_file(name="again.jpg")]})[1]["files"][0]["id"] == 1
    stored = open_attachment(incident, 2)
    assert stored is not None
    assert (stored.data, stored.content_type) == (picture("PNG", (20, 10)), "image/png")
    assert open_attachment(incident, 9) is None
    assert ask("POST", path, form={"files": [photo_file()]}, email=BOB)[0] == 404
    assert forget_incidents(before=incident.created_at) == 0
    kept = {row.name for row in IncidentAttachment.objects.all()}
    assert kept <= files()
    incident.created_at = incident.created_at.replace(year=2020)
    incident.save()
    assert forget_incidents(before=incident.created_at.replace(year=2021)) == 1
    assert not kept & files()
    assert not IncidentLog.objects.exists()


def test_what_is_no_picture_keeps_none_of_them(
    ask: Ask, incident: Incident, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, before = f"/api/incidents/{incident.pk}/attachments", files()
    script = photo_file(b"<script>alert(1)</script>", name="x.png")
    assert ask("POST", path, form={"files": [photo_file(), script]})[0] == 400
    assert ask("POST", path, form={"note": "x"})[0] == 400

    def bring(*widths: int) -> int:
        return ask("POST", path, form={"files": [photo_file(picture("PNG", (n, 9))) for n in widths]})[0]

    assert bring(1, 2, 3, 4, 5, 6) == 400
    assert bring(1, 2, 3, 4) == 200
    assert bring(5, 6) == 413
    assert incident.attachments.count() == 4
    assert len(files() - before) == 4

    def fail(*_: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(default_storage, "save", fail)
    assert bring(5) == 503
    assert incident.attachments.count() == 4


def test_pictures_go_with_the_account(
    ask: Ask, incident: Incident, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    ask("POST", f"/api/incidents/{incident.pk}/attachments", form={"files": [photo_file()]})
    (name,) = incident.attachments.values_list("name", flat=True)
    with django_capture_on_commit_callbacks(execute=True):
        make_user(ADA).delete()
    assert name not in files()


@pytest.mark.parametrize("said", ["nice", {"type": "feature", "text": "more"}])
def test_feedback_is_kept_and_answered_as_it_was_said(ask: Ask, said: Any) -> None:
    assert ask("POST", "/api/client/feedback", {"feedback": said}) == (
        200,
        {"success": True, "data": {"feedback": said}},
    )
    kept = Incident.objects.get(kind="feedback")
    assert (kept.user, bool(kept.summary)) == (make_user(ADA), True)
    assert ask("POST", "/api/client/feedback", {"feedback": " "})[0] == 400


@pytest.mark.parametrize("path", ["/api/error-report", "/app/error-report"])
def test_an_error_is_reported_by_somebody_or_nobody(ask: Ask, path: str) -> None:
    body = {"reportData": {"message": "boom", "n": path}}
    status, said = ask("POST", path, body)
    assert (status, Incident.objects.get(pk=said["id"]).user) == (200, make_user(ADA))
    answer = Client().post(path, body, content_type="application/json")
    assert Incident.objects.get(pk=answer.json()["id"]).user is None
    assert ask("POST", path, {"reportData": "text"})[0] == 400
    assert ask("POST", path, body, token="nonsense")[0] == 401


@pytest.mark.parametrize(
    ("kind", "path", "body"),
    [
        ("incident", "/api/incidents", REPORT),
        ("feedback", "/api/client/feedback", {"feedback": "x"}),
        ("error_report", "/api/error-report", {"reportData": {}}),
    ],
)
def test_reports_are_limited(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, kind: str, path: str, body: Any
) -> None:
    monkeypatch.setitem(limits.LIMITS, kind, limits.Limit(1, 60, "reported"))
    assert [ask("POST", path, body)[0] for _ in range(2)] == [200, 429]


def test_there_is_a_largest_number_of_lines(
    ask: Ask, incident: Incident, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoints, "MOST_LINES", 1)
    body = {"logs": LINES * 2}
    assert ask("POST", f"/api/incidents/{incident.pk}/logs", body)[0] == 400
