"""Moving an app in the console: chosen, asked, done."""

import pytest

from accounts.rules import Role
from accounts.services import add_member
from apps_registry.models import App
from tests.consoles.conftest import Browsing, Member
from tests.consoles.developer.test_app_pages import form
from tests.consoles.developer.test_organization_pages import told
from tests.support.personas import BOB, DORA, make_app, make_organization, make_user

pytestmark = pytest.mark.django_db


def page_of(app: App) -> str:
    return f"/console/apps/{app.pk}/move/"


def test_an_app_moves_after_a_question(browsing: Browsing) -> None:
    app, target, dora = make_app().app, make_organization("Target"), browsing(DORA)
    assert page_of(app) in dora.get(f"/console/apps_registry/app/{app.pk}/change/").content.decode()
    asked = told(dora, page_of(app), organization=str(target.pk))
    assert "Move Captions to Target?" in asked
    assert App.objects.get().organization != target
    assert "belongs to Target now" in told(dora, page_of(app), organization=str(target.pk), sure="yes")
    assert App.objects.get().organization == target


def test_only_organizations_in_which_one_develops_are_offered(browsing: Browsing) -> None:
    app, dora = make_app().app, make_user(DORA)
    make_organization("Of a stranger", owner=make_user(BOB))
    viewed = make_organization("Viewed", owner=make_user(BOB))
    add_member(organization=viewed, user=dora, role=Role.VIEWER)
    browser = browsing(DORA)
    assert "you need the role developer in another organization" in browser.get(page_of(app)).content.decode()
    told(browser, page_of(app), organization=str(viewed.pk), sure="yes")
    assert App.objects.get().organization == app.organization


def test_the_form_of_an_app_moves_nothing(browsing: Browsing) -> None:
    app, target = make_app().app, make_organization("Target")
    browsing(DORA).post(f"/console/apps_registry/app/{app.pk}/change/", form(target, name="Renamed"))
    app.refresh_from_db()
    assert app.name == "Renamed"
    assert app.organization != target


def test_who_does_not_manage_the_app_has_no_such_page(member: Member, browsing: Browsing) -> None:
    app = make_app().app
    developer = member(app.organization, Role.DEVELOPER)
    assert page_of(app) not in developer.get(f"/console/apps_registry/app/{app.pk}/change/").content.decode()
    for browser in (developer, browsing(BOB)):
        assert browser.post(page_of(app), {"sure": "yes"}).status_code == 404
