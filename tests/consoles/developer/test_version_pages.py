"""The history of an app: listed, compared, restored by who may, and nobody's business else."""

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.acting import acting_as
from accounts.rules import Role
from apps_registry.models import App
from apps_registry.services import update_app
from tests.consoles.conftest import Browsing, Member
from tests.support.personas import ADA, BOB, DORA, make_app, make_user

pytestmark = pytest.mark.django_db


def changed_app() -> App:
    """Return an app whose name and permissions Ada changed once."""
    app = make_app().app
    with acting_as(make_user(ADA)):
        update_app(app=app, name="Better captions", permissions=["CAMERA"])
    return app


def page_of(app: App, rest: str = "") -> str:
    return f"/console/apps/{app.pk}/versions/{rest}"


def test_the_list_says_who_changed_what(browsing: Browsing) -> None:
    text = browsing(DORA).get(page_of(changed_app())).content.decode()
    for told in ("Version 2", "Name and permissions", ADA, "The app as it began"):
        assert told in text


def test_a_version_shows_what_it_changed_and_what_changed_since(browsing: Browsing) -> None:
    app = changed_app()
    dora = browsing(DORA)
    text = dora.get(page_of(app, "2/")).content.decode()
    assert "<del>Captions</del>" in text
    assert "<ins>Better captions</ins>" in text
    assert "Restore this version" not in text
    since = dora.get(page_of(app, "1/"), {"with": "now"}).content.decode()
    assert "<ins>Better captions</ins>" in since
    assert "Restore this version" in since
    assert "The app is what it was then." in dora.get(page_of(app, "2/"), {"with": "now"}).content.decode()


def test_an_old_version_is_restored_as_a_new_one(browsing: Browsing) -> None:
    app = changed_app()
    browsing(DORA).post(page_of(app, "1/restore/"), {"expected_version": "2"})
    app.refresh_from_db()
    assert (app.name, app.version, app.permissions.count()) == ("Captions", 3, 0)


def test_who_restores_over_a_change_they_did_not_see_is_told(browsing: Browsing) -> None:
    app = changed_app()
    answer = browsing(DORA).post(page_of(app, "1/restore/"), {"expected_version": "1"}, follow=True)
    assert f"{ADA} changed name and permissions at " in answer.content.decode()
    app.refresh_from_db()
    assert app.name == "Better captions"


def test_who_only_looks_restores_nothing(member: Member) -> None:
    app = changed_app()
    viewer = member(app.organization, Role.VIEWER)
    assert "Restore this version" not in viewer.get(page_of(app, "1/")).content.decode()
    assert viewer.post(page_of(app, "1/restore/")).status_code == 404


def test_a_stranger_sees_no_version(browsing: Browsing) -> None:
    app = changed_app()
    bob = browsing(BOB)
    assert {bob.get(page_of(app, part)).status_code for part in ("", "1/")} == {404}
    assert bob.post(page_of(app, "1/restore/")).status_code == 404


def test_a_version_that_is_not_kept_has_no_page(browsing: Browsing) -> None:
    app = changed_app()
    dora = browsing(DORA)
    assert dora.get(page_of(app, "9/")).status_code == 404
    assert dora.post(page_of(app, "9/restore/")).status_code == 404


def test_the_list_costs_the_same_however_long_it_is(
    browsing: Browsing, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    app = changed_app()
    for number in range(30):
        update_app(app=app, name=f"Name {number}")
    dora = browsing(DORA)
    with django_assert_max_num_queries(8):
        text = dora.get(page_of(app)).content.decode()
    assert "Older" in text
    assert "Version 1</a>" in dora.get(page_of(app), {"page": "2"}).content.decode()
