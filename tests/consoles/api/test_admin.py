"""What operators do by REST, and that nobody else does (rest §13)."""

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import AuditEntry
from apps_registry.models import App
from apps_registry.rules import StoreStatus
from consoles.api import heap
from tests.consoles.api.conftest import Caller, Calling
from tests.support.personas import CAPTIONS, DORA, NOTES, make_app, make_token, make_user

pytestmark = pytest.mark.django_db

OPERATOR = "operator@example.com"
ENDPOINTS = [
    ("GET", "/check", None),
    ("GET", "/apps/stats", None),
    ("GET", "/apps/submitted", None),
    ("GET", "/apps/published", None),
    ("GET", f"/apps/{CAPTIONS}", None),
    ("POST", f"/apps/{CAPTIONS}/approve", {}),
    ("POST", f"/apps/{CAPTIONS}/reject", {"notes": "No."}),
    ("POST", f"/apps/{CAPTIONS}/set-verification", {"status": "VERIFIED"}),
    ("GET", "/debug", None),
    ("GET", "/memory/now", None),
    ("POST", "/memory/heap-snapshot", {"seconds": 0}),
]


@pytest.fixture
def operator(db: None) -> Caller:
    make_user(OPERATOR, staff=True)
    token = make_token(OPERATOR)
    make_user(OPERATOR, staff=True)
    return Caller(token)


@pytest.fixture
def submitted(db: None) -> App:
    app = make_app(published=False).app
    app.store_status = StoreStatus.SUBMITTED
    app.save()
    return app


@pytest.mark.parametrize(("method", "path", "body"), ENDPOINTS)
def test_nobody_else_comes_in(calling: Calling, submitted: App, method: str, path: str, body: Any) -> None:
    refused = {"error": "Unauthorized - Admin access required"}
    assert calling(DORA).send(method, f"/admin{path}", body) == (403, refused)
    code, said = Caller().send(method, f"/admin{path}", body)
    assert (code, said["error"]) == (401, "Authorization header missing or invalid")
    submitted.refresh_from_db()
    assert submitted.store_status == StoreStatus.SUBMITTED


def test_who_the_settings_name_comes_in(calling: Calling, settings: Settings) -> None:
    settings.ADMIN_EMAIL_DOMAINS = ["dev.example"]
    assert calling(DORA).get("/admin/check") == (200, {"isAdmin": True, "role": "ADMIN", "email": DORA})


def test_apps_are_counted(operator: Caller, submitted: App) -> None:
    make_app(NOTES)
    code, said = operator.get("/admin/apps/stats")

    assert code == 200
    assert said["counts"] == {"development": 0, "submitted": 1, "published": 1, "rejected": 0, "admins": 1}
    assert [app["packageName"] for app in said["recentSubmissions"]] == [CAPTIONS]


def test_the_queue_is_told_with_who_owns_what(operator: Caller, submitted: App) -> None:
    make_app(NOTES)
    code, said = operator.get("/admin/apps/submitted")

    (app,) = said
    assert code == 200
    assert (app["packageName"], app["_id"], app["id"]) == (CAPTIONS, str(submitted.pk), str(submitted.pk))
    assert app["organizationName"] == submitted.organization.name
    assert app["organizationProfile"] == {"website": "", "contactEmail": "", "description": "", "logo": ""}
    assert app["organization"]["id"] == str(submitted.organization_id)
    assert [app["packageName"] for app in operator.get("/admin/apps/published")[1]] == [NOTES]


def test_the_queue_costs_the_same_however_long_it_is(
    operator: Caller, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(3):
        make_app(f"com.example.app{number}", permissions=["CAMERA"])
    with django_assert_num_queries(6):
        assert len(operator.get("/admin/apps/published")[1]) == 3


def test_any_app_is_read(operator: Caller, submitted: App) -> None:
    assert operator.get(f"/admin/apps/{CAPTIONS}")[1]["packageName"] == CAPTIONS
    assert operator.get("/admin/apps/com.example.none")[0] == 404


def test_an_app_is_approved(operator: Caller, submitted: App) -> None:
    said_with = {"notes": "Good.", "verificationStatus": "COMMUNITY"}
    code, said = operator.post(f"/admin/apps/{CAPTIONS}/approve", said_with)

    assert (code, said["message"]) == (200, "App approved successfully")
    assert said["app"]["appStoreStatus"] == "PUBLISHED"
    assert said["app"]["verificationStatus"] == "COMMUNITY"
    entry = AuditEntry.objects.filter(action="app.approved").get()
    assert entry.actor_label == OPERATOR
    assert operator.post(f"/admin/apps/{CAPTIONS}/approve", {})[0] == 400


def test_an_app_is_approved_without_a_word(operator: Caller, submitted: App) -> None:
    said = operator.post(f"/admin/apps/{CAPTIONS}/approve", {})[1]
    assert said["app"]["verificationStatus"] == "NONE"


def test_an_app_is_rejected_with_a_reason(operator: Caller, submitted: App) -> None:
    for nothing in ({}, {"notes": ""}, {"notes": " "}):
        assert operator.post(f"/admin/apps/{CAPTIONS}/reject", nothing)[0] == 400
    code, said = operator.post(f"/admin/apps/{CAPTIONS}/reject", {"notes": "Too loud."})

    assert (code, said["message"], said["app"]["appStoreStatus"]) == (200, "App rejected", "REJECTED")


@pytest.mark.parametrize("name", ["status", "verificationStatus"])
def test_an_app_is_vouched_for(operator: Caller, submitted: App, name: str) -> None:
    path = f"/admin/apps/{CAPTIONS}/set-verification"
    assert operator.post(path, {name: "VERIFIED"})[1]["app"]["verificationStatus"] == "VERIFIED"
    assert operator.post(path, {name: "BEST"})[0] == 400
    assert operator.post(path, {})[0] == 400


@pytest.mark.parametrize("deed", ["approve", "reject", "set-verification"])
def test_an_app_that_is_not_there_is_told(operator: Caller, deed: str) -> None:
    assert operator.post(f"/admin/apps/com.example.none/{deed}", {"notes": "x"})[0] == 404


def test_the_node_tells_about_itself(operator: Caller) -> None:
    code, said = operator.get("/admin/debug")

    assert code == 200
    assert said["pid"] > 0
    assert said["sessions"]["ACTIVE"] == 0
    assert said["memory"].keys() == operator.get("/admin/memory/now")[1].keys()
    assert said["memory"]["peakBytes"] > 1_000_000


def test_a_heap_is_looked_at(operator: Caller) -> None:
    code, said = operator.post("/admin/memory/heap-snapshot", {"seconds": 0})

    assert code == 200
    assert said["types"][0]["count"] > 100
    assert operator.post("/admin/memory/heap-snapshot", {"seconds": 60})[0] == 400


def test_heaps_are_looked_at_one_at_a_time(operator: Caller) -> None:
    with heap._one_at_a_time:
        code, said = operator.post("/admin/memory/heap-snapshot", {"seconds": 0})
    assert (code, list(said)) == (429, ["error"])
    assert operator.post("/admin/memory/heap-snapshot", {"seconds": 0})[0] == 200
