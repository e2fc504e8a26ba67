"""The tour leads through what is missing, shows a key once and belongs to whoever makes apps."""

import re

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils import timezone

from accounts.models import Organization
from accounts.rules import Role
from apps_registry.models import ApiKey, App
from apps_registry.services import create_api_key
from consoles.developer.tour import views
from consoles.developer.tour.answering import Finding
from consoles.developer.tour.code import NO_KEY
from sessions_app.models import AppRun, UserSession
from sessions_app.states import RunState, SessionState
from tests.consoles.conftest import Browsing, Member
from tests.support.personas import BOB, CAPTIONS, DORA, make_app, make_organization, make_user

pytestmark = pytest.mark.django_db

TOUR = "/console/tour/"


def read(browser: Client, path: str = TOUR) -> str:
    return browser.get(path).content.decode()


def states(page: str) -> list[str]:
    """Return the states of the five steps as the page shows them."""
    return re.findall(r'data-state="(\w+)"', page)


def test_the_page_loads_files_there_are_and_runs_no_code_of_its_own(browsing: Browsing) -> None:
    page = read(browsing(DORA))
    files = re.findall(r'(?:src|href)="/static/([^"?]+)"', page)
    assert "consoles/tour/tour.js" in files
    assert [file for file in files if finders.find(file) is None] == []
    assert not re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", page)


def test_the_first_step_makes_an_app_with_a_suggested_name(browsing: Browsing) -> None:
    dora = browsing(DORA)
    page = read(dora)
    assert states(page) == ["now", "later", "later", "later", "later"]
    suggested = re.search(r'name="package_name" value="([^"]+)"', page)
    assert suggested
    form = {"name": "Hello", "package_name": suggested[1], "public_url": "http://127.0.0.1:7345"}
    organization = Organization.objects.get(members__email=DORA)
    answer = dora.post(f"{TOUR}app/", {**form, "organization": organization.pk}, follow=True)
    app = App.objects.get(package_name=suggested[1])
    assert (app.name, app.organization, app.developer) == ("Hello", organization, make_user(DORA))
    assert states(answer.content.decode()) == ["done", "now", "later", "later", "later"]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("package_name", CAPTIONS, "is taken"),
        ("package_name", "Nonsense", "must look like"),
        ("public_url", "ftp://x", "http"),
        ("name", "", "required"),
    ],
)
def test_what_is_not_acceptable_is_said_at_its_field(
    browsing: Browsing, field: str, value: str, words: str
) -> None:
    make_app(CAPTIONS, owner=make_user(BOB))
    dora = browsing(DORA)
    home = Organization.objects.get(members__email=DORA).pk
    form = {"name": "Hello", "package_name": "com.example.hello", "public_url": "http://127.0.0.1:1"}
    page = dora.post(f"{TOUR}app/", {**form, "organization": home, field: value}).content.decode()
    assert words in page
    assert not App.objects.filter(organization=home).exists()


def test_an_app_is_not_made_in_an_organization_of_strangers(browsing: Browsing) -> None:
    theirs = make_organization("Theirs", owner=make_user(BOB))
    form = {"name": "Hello", "package_name": "com.example.hello", "public_url": "http://127.0.0.1:1"}
    browsing(DORA).post(f"{TOUR}app/", {**form, "organization": theirs.pk})
    assert not App.objects.exists()


def test_a_key_is_shown_once_and_then_only_its_place(browsing: Browsing) -> None:
    dora = browsing(DORA)
    app = make_app(CAPTIONS).app
    ApiKey.objects.all().delete()
    answer = dora.post(f"{TOUR}{app.pk}/key/")
    page = answer.content.decode()
    shown = re.search(r'id="secret">([0-9a-f]{64})<', page)
    assert shown
    assert page.count(shown[1]) == 4
    assert "no-store" in answer.headers["Cache-Control"]
    assert states(page) == ["done", "done", "now", "now", "later"]
    again = read(dora)
    assert shown[1] not in again
    assert again.count(NO_KEY) == 3


def test_an_address_without_a_port_is_said_to_need_a_tunnel(browsing: Browsing) -> None:
    make_app(CAPTIONS, url="https://hello.example")
    page = read(browsing(DORA))
    assert "have it lead to port 3000" in page
    assert "port: 3000" in page


def test_too_many_keys_are_refused_in_words(browsing: Browsing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps_registry.services.api_keys.MOST_LIVE_KEYS", 1)
    app = make_app(CAPTIONS).app
    page = browsing(DORA).post(f"{TOUR}{app.pk}/key/", follow=True).content.decode()
    assert "Revoke one first" in page
    assert ApiKey.objects.count() == 1


def test_the_steps_follow_what_happened(browsing: Browsing) -> None:
    dora = browsing(DORA)
    app = make_app(CAPTIONS).app
    assert states(read(dora)) == ["done", "done", "now", "now", "later"]
    ApiKey.objects.update(last_used_at=timezone.now())
    assert states(read(dora)) == ["done", "done", "done", "done", "now"]
    session = UserSession.objects.create(user=make_user(DORA), state=SessionState.DISPOSED)
    run = AppRun.objects.create(session=session, package_name=app.package_name, state=RunState.STOPPED)
    assert states(read(dora)) == ["done", "done", "done", "done", "now"]
    AppRun.objects.filter(pk=run.pk).update(connected_at=timezone.now())
    page = read(dora)
    assert states(page) == ["done"] * 5
    assert "ran on your glasses" in page


def test_the_watch_goes_on_until_the_server_answers(
    browsing: Browsing, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(CAPTIONS).app
    dora = browsing(DORA)
    finding = Finding(False, "Nothing answers yet.")
    monkeypatch.setattr(views, "look_for_server", lambda _: finding)
    waiting = read(dora, f"{TOUR}{app.pk}/answer/")
    assert "Nothing answers yet." in waiting
    assert 'hx-trigger="load delay:3s"' in waiting
    assert "tour-wear" not in waiting
    finding = Finding(True, "It answers.")
    found = read(dora, f"{TOUR}{app.pk}/answer/")
    assert "hx-get" not in found
    assert 'id="tour-wear" data-state="now" hx-swap-oob="true"' in found
    assert f"/console/simulator/?first={CAPTIONS}" in found


def test_strangers_and_viewers_get_nothing_of_an_app(browsing: Browsing, member: Member) -> None:
    app = make_app(CAPTIONS).app
    for browser in (browsing(BOB), member(app.organization, Role.VIEWER)):
        assert browser.get(f"{TOUR}?app={app.pk}").status_code == 404
        assert browser.get(f"{TOUR}{app.pk}/answer/").status_code == 404
        assert browser.post(f"{TOUR}{app.pk}/key/").status_code == 404
        assert CAPTIONS not in read(browser)
    assert ApiKey.objects.count() == 1


def test_numbers_that_no_app_has_are_no_error(browsing: Browsing) -> None:
    dora = browsing(DORA)
    assert dora.get(f"{TOUR}?app={'9' * 18}").status_code == 404
    assert dora.get(f"{TOUR}?app={'9' * 9000}").status_code == 200
    assert dora.get(f"{TOUR}?app=%00").status_code == 200


def test_who_may_make_no_app_anywhere_is_told_so(member: Member) -> None:
    viewer = member(make_organization(), Role.VIEWER)
    Organization.objects.filter(memberships__user__email="viewer@example.com").exclude(
        name="Example"
    ).delete()
    assert "Ask an owner" in read(viewer)


def test_the_tour_is_on_the_start_page_until_it_is_hidden(browsing: Browsing) -> None:
    dora = browsing(DORA)
    assert states(read(dora, "/console/")) == ["now", "later", "later", "later", "later"]
    assert dora.post(f"{TOUR}hide/").headers["Location"] == "/console/"
    hidden = read(dora, "/console/")
    assert states(hidden) == []
    assert f'href="{TOUR}"' in hidden
    read(dora)
    assert states(read(dora, "/console/")) != []


def test_another_person_at_the_same_browser_sees_the_tour(browsing: Browsing) -> None:
    dora = browsing(DORA)
    dora.post(f"{TOUR}hide/")
    dora.force_login(make_user(BOB))
    assert states(read(dora, "/console/")) != []


def test_nothing_is_done_without_a_log_in_or_by_a_link(client: Client, browsing: Browsing) -> None:
    app = make_app(CAPTIONS).app
    create_api_key(app=app)
    for path in ("app/", "hide/", f"{app.pk}/key/"):
        assert client.post(TOUR + path).status_code == 302
        assert browsing(DORA).get(TOUR + path).status_code == 405
    assert ApiKey.objects.count() == 2
