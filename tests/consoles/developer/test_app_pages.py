"""Apps in the console: only one's own, and of those only what one's role allows."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organization
from accounts.rules import Role
from apps_registry.models import App
from apps_registry.services import note_url_check, update_app
from tests.consoles.conftest import Browsing
from tests.support.personas import BOB, CAPTIONS, DORA, NOTES, make_app, make_user

pytestmark = pytest.mark.django_db

LIST = "/console/apps_registry/app/"
Member = Callable[[Organization, Role], Client]


def form(organization: Organization, **changes: str) -> dict[str, str]:
    """Return what the browser sends for an app."""
    return {
        "package_name": "com.example.fresh",
        "name": "Fresh",
        "public_url": "https://fresh.example",
        "app_type": "background",
        "organization": str(organization.pk),
        **changes,
    }


def test_the_list_holds_the_apps_of_ones_organizations_only(browsing: Browsing) -> None:
    make_app(CAPTIONS)
    make_app(NOTES, owner=make_user(BOB))
    text = browsing(DORA).get(LIST).content.decode()
    assert CAPTIONS in text
    assert NOTES not in text


def test_the_list_leads_to_the_overviews_and_says_how_servers_answered(browsing: Browsing) -> None:
    app, moved = make_app(CAPTIONS).app, make_app(NOTES).app
    for one in (app, moved):
        note_url_check(app=one, outcome="bad", said="Nobody listens there.")
    update_app(app=moved, public_url="https://elsewhere.example")
    text = browsing(DORA).get(LIST).content.decode()
    assert f'href="/console/apps/{app.pk}/' in text
    assert text.count("Unreachable") == 1


def test_a_strangers_app_is_not_there_at_all(browsing: Browsing) -> None:
    app = make_app().app
    stranger = browsing(BOB)
    page = f"{LIST}{app.pk}/change/"
    assert stranger.get(page).headers["Location"] == "/console/"
    stranger.post(page, form(app.organization, name="Mine now"))
    stranger.post(f"{LIST}{app.pk}/delete/", {"post": "yes"})
    app.refresh_from_db()
    assert app.name == "Captions"


@pytest.mark.parametrize(
    ("role", "may_change", "may_delete"),
    [
        (Role.VIEWER, False, False),
        (Role.DEVELOPER, True, False),
        (Role.ADMIN, True, True),
        (Role.OWNER, True, True),
    ],
)
def test_a_role_decides_what_is_shown_and_what_works(
    member: Member, role: Role, may_change: bool, may_delete: bool
) -> None:
    app = make_app().app
    browser = member(app.organization, role)
    page = f"{LIST}{app.pk}/change/"
    text = browser.get(page).content.decode()
    assert ('name="_save"' in text) is may_change
    assert (f"{LIST}{app.pk}/delete/" in text) is may_delete

    changed = browser.post(page, form(app.organization, name="Renamed"))
    app.refresh_from_db()
    assert (changed.status_code == 302, app.name == "Renamed") == (may_change, may_change)

    deleted = browser.post(f"{LIST}{app.pk}/delete/", {"post": "yes"})
    assert (deleted.status_code == 302) is may_delete
    assert App.objects.filter(pk=app.pk).exists() is not may_delete


def test_a_new_app_is_made_on_its_own_page(browsing: Browsing) -> None:
    assert browsing(DORA).get(f"{LIST}add/").headers["Location"] == "/console/apps/new/"


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("public_url", "fresh.example", "must be a full http:// or https:// address"),
        ("app_type", "system_dashboard", "Select a valid choice"),
    ],
)
def test_a_bad_value_is_explained_beside_its_field(
    browsing: Browsing, field: str, value: str, told: str
) -> None:
    app = make_app().app
    answer = browsing(DORA).post(f"{LIST}{app.pk}/change/", form(app.organization, **{field: value}))
    assert answer.status_code == 200
    assert told in answer.content.decode()


def test_who_edits_what_somebody_changed_is_told_and_loses_nothing(browsing: Browsing) -> None:
    app = make_app().app
    dora = browsing(DORA)
    page = f"{LIST}{app.pk}/change/"
    assert 'name="expected_version" value="1"' in dora.get(page).content.decode()
    update_app(app=app, description="By somebody else")
    late = dora.post(page, form(app.organization, name="Mine", expected_version="1")).content.decode()
    assert "the cloud changed description at " in late
    assert 'value="Mine"' in late
    assert "By somebody else" in late
    assert 'name="expected_version" value="2"' in late
    app.refresh_from_db()
    assert app.name == "Captions"


def test_the_list_costs_the_same_however_long_it_is(
    browsing: Browsing, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    dora = browsing(DORA)
    for number in range(12):
        make_app(f"com.example.app{number}")
    with django_assert_max_num_queries(8):
        dora.get(LIST)


def test_what_has_an_editor_of_its_own_is_not_in_the_form(browsing: Browsing) -> None:
    app = make_app(permissions=["CAMERA"], settings=[{"type": "group", "title": "Look"}]).app
    dora, page = browsing(DORA), f"{LIST}{app.pk}/change/"
    dora.post(page, form(app.organization, settings_definitions="[]", tools='[{"id":"a","description":""}]'))
    app.refresh_from_db()
    assert (app.settings_definitions, app.tools) == ([{"type": "group", "title": "Look"}], [])
    assert app.permissions.count() == 1
    text = dora.get(page).content.decode()
    for name in ("settings", "tools", "permissions"):
        assert f"/console/apps/{app.pk}/{name}/" in text
