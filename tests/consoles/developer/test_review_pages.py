"""The way of an app to everybody, as its developers walk it."""

import pytest

from accounts.rules import Role
from apps_registry.models import App
from apps_registry.services import approve_app, reject_app, submit_app
from tests.consoles.conftest import Browsing, Member
from tests.support.personas import BOB, DORA, make_app, make_reviewable, make_user

pytestmark = pytest.mark.django_db


def page_of(app: App, step: str = "") -> str:
    return f"/console/apps/{app.pk}/review/{step and f'{step}/'}"


def test_what_is_missing_is_listed_before_it_is_submitted(browsing: Browsing) -> None:
    app = make_app(published=False, permissions=["CAMERA"]).app
    dora = browsing(DORA)
    text = dora.get(page_of(app)).content.decode()
    for told in ("Describe the app", "Give the app an icon", "why the app needs CAMERA", "never submitted"):
        assert told in text
    refused = dora.post(page_of(app, "submit"), follow=True).content.decode()
    assert "not ready for review" in refused
    app.refresh_from_db()
    assert app.store_status == "DEVELOPMENT"


def test_a_developer_submits_withdraws_and_unpublishes(browsing: Browsing) -> None:
    app = make_reviewable()
    dora = browsing(DORA)
    assert "Withdraw" in dora.post(page_of(app, "submit"), follow=True).content.decode()
    assert "Submit for review" in dora.post(page_of(app, "withdraw"), follow=True).content.decode()
    dora.post(page_of(app, "submit"))
    approve_app(app=app, by=make_user("operator@example.com", staff=True))
    assert "Take out of the store" in dora.get(page_of(app)).content.decode()
    dora.post(page_of(app, "unpublish"))
    app.refresh_from_db()
    assert app.store_status == "DEVELOPMENT"


def test_the_operators_notes_are_shown_but_not_who_wrote_them(browsing: Browsing) -> None:
    app, operator = make_reviewable(), make_user("operator@example.com", staff=True)
    submit_app(app=app, by=make_user(DORA))
    reject_app(app=app, by=operator, notes="Too <dark>.")
    text = browsing(DORA).get(page_of(app)).content.decode()
    assert "Too &lt;dark&gt;." in text
    assert operator.email not in text


def test_no_developer_approves_their_own_app(browsing: Browsing) -> None:
    app = make_reviewable()
    submit_app(app=app, by=make_user(DORA))
    assert browsing(DORA).post(page_of(app, "approve")).status_code == 404


def test_who_only_looks_takes_no_step(member: Member) -> None:
    app = make_reviewable()
    viewer = member(app.organization, Role.VIEWER)
    assert "Submit for review" not in viewer.get(page_of(app)).content.decode()
    assert viewer.post(page_of(app, "submit")).status_code == 404


def test_a_stranger_sees_and_does_nothing(browsing: Browsing) -> None:
    app = make_reviewable()
    bob = browsing(BOB)
    assert bob.get(page_of(app)).status_code == 404
    assert bob.post(page_of(app, "submit")).status_code == 404
