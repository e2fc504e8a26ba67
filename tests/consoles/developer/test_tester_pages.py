"""Sharing an app in the console, and what a link opens."""

import pytest
from django.test import Client

from apps_registry.models import App, AppTester, ShareLink
from apps_registry.selectors import is_installed
from apps_registry.services import accept_share_link, make_share_link, revoke_share_link, update_app
from tests.consoles.conftest import Browsing
from tests.support.personas import ADA, BOB, DORA, NOTES, make_app, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def app() -> App:
    app = make_app(published=False, permissions=["CAMERA"]).app
    return update_app(
        app=app,
        description="Reads <b>menus</b>.",
        permissions=[{"type": "MICROPHONE", "description": "to hear the waiter"}, "CAMERA"],
    )


def page_of(app: App, rest: str = "") -> str:
    return f"/console/apps/{app.pk}/testers/{rest}"


def test_a_link_is_made_shown_and_withdrawn(browsing: Browsing, app: App) -> None:
    dora = browsing(DORA)
    text = dora.post(page_of(app, "links/"), {"days": "7", "most_uses": "5"}, follow=True).content.decode()
    link = ShareLink.objects.get()
    assert f"/console/try/{link.token}/" in text
    assert "0 of 5" in text
    text = dora.post(page_of(app, f"links/{link.pk}/end/"), follow=True).content.decode()
    assert link.token not in text
    text = dora.post(page_of(app, "links/"), {"days": "x"}, follow=True).content.decode()
    assert "whole number from 1 to 365" in text


def test_people_are_invited_and_shown_as_testers_when_they_accept(browsing: Browsing, app: App) -> None:
    dora = browsing(DORA)
    text = dora.post(page_of(app, "people/"), {"email": ADA}, follow=True).content.decode()
    assert ADA in text
    accept_share_link(token=ShareLink.objects.get().token, user=make_user(ADA))
    text = dora.get(page_of(app)).content.decode()
    assert f"<td>{ADA}</td>" in text
    dora.post(page_of(app, f"people/{AppTester.objects.get().pk}/end/"))
    assert f"<td>{ADA}</td>" not in dora.get(page_of(app)).content.decode()
    assert not is_installed(make_user(ADA).pk, app.package_name)


def test_who_installed_it_otherwise_is_not_named(browsing: Browsing) -> None:
    app = make_app(installed_for=[make_user(ADA)]).app
    assert ADA not in browsing(DORA).get(page_of(app)).content.decode()


def test_links_and_testers_of_another_app_are_out_of_reach(browsing: Browsing, app: App) -> None:
    other = make_app(NOTES, owner=make_user(BOB)).app
    link = make_share_link(app=other, by=make_user(BOB))
    tester = accept_share_link(token=link.token, user=make_user(ADA))
    dora = browsing(DORA)
    for what, pk in (("links", link.pk), ("people", tester.pk)):
        assert dora.post(page_of(app, f"{what}/{pk}/end/")).status_code == 404
        assert dora.post(page_of(other, f"{what}/{pk}/end/")).status_code == 404
    assert dora.post(page_of(app, "others/")).status_code == 404
    assert AppTester.objects.exists()


def test_a_link_explains_the_app_and_installs_it_with_one_button(browsing: Browsing, app: App) -> None:
    page = f"/console/try/{make_share_link(app=app, by=make_user(DORA)).token}/"
    ada = browsing(ADA)
    text = ada.get(page).content.decode()
    for told in ("Reads &lt;b&gt;menus&lt;/b&gt;.", "to hear the waiter", "give no reason", "Install it"):
        assert told in text
    assert app.public_url not in text
    assert "Stop testing" in ada.post(page, follow=True).content.decode()
    assert is_installed(make_user(ADA).pk, app.package_name)
    assert "Install it" in ada.post(page, {"leave": "1"}, follow=True).content.decode()
    assert not is_installed(make_user(ADA).pk, app.package_name)


def test_a_closed_link_shows_nothing_of_the_app(browsing: Browsing, app: App) -> None:
    link = make_share_link(app=app, by=make_user(DORA))
    revoke_share_link(link=link)
    ada = browsing(ADA)
    for answer in (ada.get(f"/console/try/{link.token}/"), ada.post(f"/console/try/{link.token}/")):
        assert "was withdrawn" in answer.content.decode()
        assert app.name not in answer.content.decode()
    assert ada.get("/console/try/guessed/").status_code == 404
    assert not AppTester.objects.exists()


def test_who_is_not_signed_in_comes_back_after_it(client: Client, app: App) -> None:
    page = f"/console/try/{make_share_link(app=app, by=make_user(DORA)).token}/"
    answer = client.get(page, follow=True)
    assert answer.redirect_chain[-1][0] == f"/accounts/login/?next={page}"
