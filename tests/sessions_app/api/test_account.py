"""A person's own account by REST (rest §8)."""

import json
import re
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.limits import LIMITS
from accounts.models import DataExport, User
from accounts.rules.own_data import ExportFormat
from accounts.services import request_export
from sessions_app.people.exporting import make_export
from sessions_app.people.leaving import delete_account
from tests.sessions_app.api.conftest import Ask
from tests.support.personas import ADA, BOB, CAPTIONS, make_app, make_token, make_user

pytestmark = pytest.mark.django_db

ACCOUNT = "/api/account"


@pytest.fixture(autouse=True)
def no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave to the tests what a worker would do."""
    monkeypatch.setattr("sessions_app.receivers.make_export.apply_async", lambda *_, **__: None)


def test_a_profile_keeps_what_is_not_named(ask: Ask) -> None:
    code, me = ask("GET", f"{ACCOUNT}/me")
    assert (code, me["email"], me["name"], me["profile"]) == (200, ADA, "", {})
    assert me["createdAt"]
    ask("PUT", f"{ACCOUNT}/profile", {"name": " Ada ", "displayName": "A.", "likes": ["tea"]})
    code, said = ask(
        "PUT", f"{ACCOUNT}/profile", {"phoneNumber": "+49 30", "displayName": None, "email": BOB}
    )
    kept = {
        "id": me["id"],
        "email": ADA,
        "name": "Ada",
        "profile": {"likes": ["tea"], "phoneNumber": "+49 30"},
    }
    assert (code, said) == (200, kept)
    assert ask("GET", f"{ACCOUNT}/me")[1]["profile"] == kept["profile"]


@pytest.mark.parametrize(
    "body", [[], {"name": 1 * ["x"]}, {"name": "x" * 151}, {"note": "x" * 20_000}, {"displayName": {}}]
)
def test_a_profile_that_cannot_be_stored_is_refused(body: object, ask: Ask) -> None:
    assert ask("PUT", f"{ACCOUNT}/profile", body)[0] == 400
    assert make_user(ADA).profile == {}


def test_a_profile_does_not_grow_without_end(ask: Ask) -> None:
    assert ask("PUT", f"{ACCOUNT}/profile", {"a": "x" * 10_000})[0] == 200
    assert ask("PUT", f"{ACCOUNT}/profile", {"b": "x" * 10_000})[0] == 400


def test_privacy_is_what_one_chose_and_else_the_default(ask: Ask) -> None:
    chosen = {"shareUsageData": False, "receiveNotifications": True, "allowDataCollection": True}
    assert ask("PUT", f"{ACCOUNT}/privacy", {"shareUsageData": False}) == (200, chosen)
    assert ask("GET", f"{ACCOUNT}/privacy") == (200, chosen)
    assert ask("PUT", f"{ACCOUNT}/privacy", {"shareUsageData": "perhaps"})[0] == 400


def test_an_account_is_deleted_with_the_code_of_the_mail(ask: Ask) -> None:
    code, request = ask("POST", f"{ACCOUNT}/request-deletion", {"reason": "privacy"})
    assert (code, sorted(request)) == (200, ["message", "requestId"])
    assert mail.outbox[-1].to == [ADA]
    found = re.search(r"^([A-Z2-9]{6})$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found
    said = {"requestId": request["requestId"], "confirmationCode": found[1]}
    confirm = f"{ACCOUNT}/confirm-deletion"
    assert ask("DELETE", confirm, {**said, "confirmationCode": "AAAAAA"})[0] == 400
    assert ask("DELETE", confirm, {**said, "requestId": str(uuid4())})[0] == 404
    assert ask("DELETE", confirm, {**said, "requestId": "nonsense"})[0] == 404
    assert ask("DELETE", confirm, said, email=BOB)[0] == 403
    token = make_token(ADA)
    ada = User.objects.get(email=ADA)
    assert ask("DELETE", confirm, said, token=token)[0] == 200
    assert ask("GET", f"{ACCOUNT}/me", token=token)[0] == 401
    assert delete_account(ada.pk)
    assert ask("GET", f"{ACCOUNT}/me", token=token)[0] == 401
    assert not User.objects.filter(email=ADA).exists()


def test_deletions_are_not_asked_for_without_end(ask: Ask) -> None:
    for _ in range(LIMITS["deletion"].most):
        assert ask("POST", f"{ACCOUNT}/request-deletion", {})[0] == 200
    assert ask("POST", f"{ACCOUNT}/request-deletion", {})[0] == 429


def test_a_copy_is_asked_for_made_and_fetched(ask: Ask) -> None:
    code, said = ask("POST", f"{ACCOUNT}/request-export", {"format": "json"})
    assert (code, said["status"]) == (200, "pending")
    status = f"{ACCOUNT}/export-status?id={said['id']}"
    code, waiting = ask("GET", status)
    assert (code, waiting["status"], "downloadUrl" in waiting) == (200, "pending", False)
    download = f"{ACCOUNT}/download-export/{said['id']}"
    assert ask("GET", download)[0] == 400
    make_export(DataExport.objects.get().pk)
    code, done = ask("GET", status)
    assert (code, done["status"]) == (200, "completed")
    assert done["downloadUrl"].endswith(download)
    answer = Client().get(download, headers={"authorization": f"Bearer {make_token(ADA)}"})
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "no-store"
    assert json.loads(answer.content)["account"][0]["email"] == ADA


def test_a_copy_is_for_its_person_and_for_a_week(ask: Ask) -> None:
    made = request_export(user=make_user(ADA), kind=ExportFormat.CSV)
    make_export(made.pk)
    for path in (f"export-status?id={made.pk}", f"download-export/{made.pk}"):
        assert ask("GET", f"{ACCOUNT}/{path}", email=BOB)[0] == 403
    assert Client().get(f"{ACCOUNT}/download-export/{made.pk}").status_code == 401
    for path in (f"export-status?id={uuid4()}", "download-export/nonsense"):
        assert ask("GET", f"{ACCOUNT}/{path}")[0] == 404
    assert ask("GET", f"{ACCOUNT}/export-status")[0] == 400
    assert ask("POST", f"{ACCOUNT}/request-export", {"format": "pdf"})[0] == 400
    DataExport.objects.update(expires_at=timezone.now())
    assert ask("GET", f"{ACCOUNT}/download-export/{made.pk}")[0] == 404


def test_a_consent_page_learns_which_app_asks_and_gets_its_token(ask: Ask) -> None:
    make_app(CAPTIONS)
    code, said = ask("GET", f"{ACCOUNT}/oauth/app/{CAPTIONS}")
    assert (code, said["data"]["packageName"], said["data"]["name"]) == (200, CAPTIONS, "Captions")
    assert ask("GET", f"{ACCOUNT}/oauth/app/com.example.none")[0] == 404
    code, said = ask("POST", f"{ACCOUNT}/oauth/token", {"packageName": CAPTIONS})
    assert (code, len(said["token"])) == (200, 64)


def test_anybody_may_know_what_an_app_declares() -> None:
    make_app(CAPTIONS, permissions=["MICROPHONE"], published=False)
    answer = Client().get(f"/api/public/permissions/{CAPTIONS}")
    declared = [{"type": "MICROPHONE"}]
    assert answer.json() == {"success": True, "packageName": CAPTIONS, "permissions": declared}
    missing = Client().get("/api/public/permissions/com.example.none")
    assert (missing.status_code, missing.json()["success"]) == (404, False)
