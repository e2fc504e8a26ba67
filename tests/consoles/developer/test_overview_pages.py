"""The first page of an app: for members, with what their role allows at its foot."""

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.rules import Role
from apps_registry.health_selectors import is_online
from apps_registry.models import App, UrlCheck
from apps_registry.services import note_url_check, update_app
from consoles.developer import overview_pages
from consoles.developer.url_check import UrlReport
from tests.consoles.conftest import Browsing, Member
from tests.support.personas import BOB, CAPTIONS, DORA, make_app

pytestmark = pytest.mark.django_db


def page_of(app: App) -> str:
    return f"/console/apps/{app.pk}/"


def test_it_says_what_the_app_is_and_how_it_does(browsing: Browsing) -> None:
    app = make_app(permissions=["CAMERA"]).app
    note_url_check(app=app, outcome="good", said="It answers.")
    text = browsing(DORA).get(page_of(app)).content.decode()
    for told in (CAPTIONS, app.public_url, "Camera", "It answers.", "any glasses", "Put them on"):
        assert told in text


def test_a_check_of_another_address_is_not_shown(browsing: Browsing) -> None:
    app = make_app().app
    note_url_check(app=app, outcome="good", said="It answers.")
    update_app(app=app, public_url="https://new.example")
    assert "It answers." not in browsing(DORA).get(page_of(app)).content.decode()


@pytest.mark.parametrize(
    ("role", "may_change", "may_delete"),
    [(Role.VIEWER, False, False), (Role.DEVELOPER, True, False), (Role.ADMIN, True, True)],
)
def test_a_role_sees_and_may_do_no_more_than_it_should(
    member: Member, role: Role, may_change: bool, may_delete: bool
) -> None:
    app = make_app(url="http://127.0.0.1:9").app
    browser = member(app.organization, role)
    text = browser.get(page_of(app)).content.decode()
    assert (">Edit</a>" in text, "Call it now" in text) == (may_change, may_change)
    assert ("Delete the app" in text) is may_delete
    assert browser.post(f"{page_of(app)}check/").status_code == (200 if may_change else 404)
    deleted = browser.post(f"{page_of(app)}delete/", {"package_name": CAPTIONS})
    assert deleted.status_code == (302 if may_delete else 404)
    assert App.objects.exists() is not may_delete


def test_it_is_deleted_only_when_its_name_is_typed(browsing: Browsing) -> None:
    app = make_app().app
    dora = browsing(DORA)
    text = dora.post(f"{page_of(app)}delete/", {"package_name": "com.example.caption"}).content.decode()
    assert f"type {CAPTIONS} exactly" in text
    assert App.objects.exists()
    assert dora.get(f"{page_of(app)}delete/").status_code == 405
    dora.post(f"{page_of(app)}delete/", {"package_name": f" {CAPTIONS} "})
    assert not App.objects.exists()


def test_a_check_calls_the_apps_own_address_and_is_kept(
    browsing: Browsing, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app().app
    monkeypatch.setattr(overview_pages, "check_url", lambda url: UrlReport("bad", f"{url} is silent."))
    text = (
        browsing(DORA).post(f"{page_of(app)}check/", {"public_url": "http://other.example"}).content.decode()
    )
    assert f"{app.public_url} is silent." in text
    assert UrlCheck.objects.get().outcome == "bad"
    shown = browsing(DORA).get(page_of(app)).content.decode()
    assert "<strong>offline</strong>" in shown
    assert not is_online(CAPTIONS)


def test_a_stranger_sees_and_does_nothing(browsing: Browsing) -> None:
    app = make_app().app
    bob = browsing(BOB)
    assert bob.get(page_of(app)).status_code == 404
    assert bob.post(f"{page_of(app)}check/").status_code == 404
    assert bob.post(f"{page_of(app)}delete/", {"package_name": CAPTIONS}).status_code == 404


def test_it_costs_a_fixed_number_of_queries(
    browsing: Browsing, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    app = make_app(permissions=["CAMERA", "MICROPHONE"]).app
    dora = browsing(DORA)
    with django_assert_max_num_queries(14):
        dora.get(page_of(app))
