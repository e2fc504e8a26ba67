"""The way of an app to everybody, and how far it has come (rest §10)."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.rules import Role
from apps_registry.models import Installation
from tests.consoles.api.conftest import Calling, CallingMember
from tests.support.personas import BOB, CAPTIONS, DORA, make_app, make_user

pytestmark = pytest.mark.django_db

PUBLISH = f"/console/apps/{CAPTIONS}/publish"
COMPLETE = {
    "description": "Shows what is said, as it is said.",
    "logoURL": "https://fresh.example/logo.png",
}


def test_a_complete_app_is_submitted(calling: Calling) -> None:
    make_app(published=False)
    calling(DORA).put(f"/console/apps/{CAPTIONS}", COMPLETE)

    code, said = calling(DORA).post(PUBLISH)
    assert (code, said["data"]["appStoreStatus"]) == (200, "SUBMITTED")
    code, said = calling(DORA).post(PUBLISH)
    assert (code, list(said)) == (400, ["error"])


def test_an_app_that_lacks_something_is_told_what(calling: Calling) -> None:
    make_app(published=False)
    code, said = calling(DORA).post(PUBLISH)

    assert code == 400
    assert "Give the app an icon." in said["error"]


def test_an_operators_own_app_is_published_at_once(calling: Calling, settings: Settings) -> None:
    settings.ADMIN_EMAILS = [DORA]
    make_app(published=False)
    calling(DORA).put(f"/console/apps/{CAPTIONS}", COMPLETE)

    assert calling(DORA).post(PUBLISH)[1]["data"]["appStoreStatus"] == "PUBLISHED"


def test_nobody_else_submits_it(calling: Calling, calling_member: CallingMember) -> None:
    app = make_app(published=False).app
    assert calling(BOB).post(PUBLISH)[0] == 404
    assert calling_member(app.organization, Role.VIEWER).post(PUBLISH)[0] == 403


def test_an_app_knows_how_far_it_has_come(calling: Calling) -> None:
    now = timezone.now()
    people = [make_user(f"{number}@example.com") for number in range(4)]
    make_app(installed_for=people)
    for person, days in zip(people, (0, 3, 20, 60), strict=True):
        moment = now - timedelta(days=days)
        Installation.objects.filter(user=person).update(installed_at=moment, last_active_at=moment)

    code, said = calling(DORA).get(f"/console/apps/{CAPTIONS}/analytics")

    data = said["data"]
    assert code == 200
    assert {name: data[name] for name in ("totalInstalls", "dau", "wau", "mau")} == {
        "totalInstalls": 4,
        "dau": 1,
        "wau": 2,
        "mau": 3,
    }
    told = [(now - timedelta(days=ago)).date().isoformat() for ago in (20, 3, 0)]
    assert data["installsOverTime"] == [{"date": day, "count": 1} for day in told]
    assert calling(BOB).get(f"/console/apps/{CAPTIONS}/analytics")[0] == 404
