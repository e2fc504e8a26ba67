"""One's own account in the console: name, privacy, copies, leaving; never anybody else's."""

import json
import re
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache

from accounts.models import DataExport, DeletionRequest, User
from accounts.rules import Role
from accounts.rules.own_data import ExportFormat, merge_privacy
from accounts.services import add_member, request_export
from sessions_app.messaging.rules import shows_profile
from sessions_app.people.exporting import make_export
from tests.consoles.conftest import Browsing
from tests.consoles.developer.test_organization_pages import told
from tests.support.personas import ADA, BOB, DORA, make_organization, make_user

pytestmark = pytest.mark.django_db

PAGE = "/console/account/"


@pytest.fixture(autouse=True)
def no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave to the tests what a worker would do, and count anew what limits count."""
    cache.clear()
    for task in ("make_export", "delete_account"):
        monkeypatch.setattr(f"sessions_app.receivers.{task}.apply_async", lambda *_, **__: None)


def dora() -> User:
    return User.objects.get(email=DORA)


def mailed_code() -> str:
    [line] = [line for line in str(mail.outbox[-1].body).splitlines() if re.fullmatch("[A-Z0-9]{6}", line)]
    return line


def test_a_name_is_saved_and_a_long_one_explained(browsing: Browsing) -> None:
    browser = browsing(DORA)
    assert "Your name was saved" in told(browser, f"{PAGE}name/", name=" Dora D. ")
    assert dora().name == "Dora D."
    assert "at most 150" in told(browser, f"{PAGE}name/", name="x" * 151)
    assert dora().name == "Dora D."


def test_privacy_is_chosen_and_shown(browsing: Browsing) -> None:
    browser = browsing(DORA)
    told(browser, f"{PAGE}privacy/", share_profile_with_app_users="on")
    assert merge_privacy(dora().privacy, {})["shareUsageData"] is False
    assert shows_profile(dora().settings)
    page = browser.get(PAGE).content.decode()
    assert re.search(r'name="share_profile_with_app_users"[^>]*" checked', page)
    assert not re.search(r'name="shareUsageData"[^>]*" checked', page)
    told(browser, f"{PAGE}privacy/", shareUsageData="on")
    assert merge_privacy(dora().privacy, {})["shareUsageData"] is True
    assert not shows_profile(dora().settings)


def test_a_copy_is_asked_for_made_and_fetched_by_its_owner_only(browsing: Browsing) -> None:
    browser = browsing(DORA)
    assert "Your copy is being made" in told(browser, f"{PAGE}copies/", format="json")
    made = DataExport.objects.get()
    fetch = f"{PAGE}copies/{made.pk}/"
    assert browser.get(fetch).status_code == 404
    assert fetch not in browser.get(PAGE).content.decode()
    make_export(made.pk)
    assert fetch in browser.get(PAGE).content.decode()
    answer = browser.get(fetch)
    assert "attachment" in answer.headers["Content-Disposition"]
    assert json.loads(answer.content)["account"][0]["email"] == DORA
    assert browsing(BOB).get(fetch).status_code == 404


def test_too_many_copies_and_odd_formats_are_refused(browsing: Browsing) -> None:
    browser = browsing(DORA)
    assert "Choose one of the formats" in told(browser, f"{PAGE}copies/", format="xml")
    answers = [told(browser, f"{PAGE}copies/", format="csv") for _ in range(10)]
    assert "asked for your data" in answers[-1]
    assert DataExport.objects.count() < len(answers)


def test_an_account_is_closed_with_the_mailed_code(browsing: Browsing) -> None:
    browser = browsing(DORA)
    assert "A code was mailed" in told(browser, f"{PAGE}deletion/", reason="Too quiet")
    assert DeletionRequest.objects.get().reason == "Too quiet"
    assert "required" in told(browser, f"{PAGE}deletion/confirm/", code="")
    assert "not the code" in told(browser, f"{PAGE}deletion/confirm/", code="AAAAAA")
    assert dora().is_active
    assert told(browser, f"{PAGE}deletion/confirm/", code=mailed_code()).count("Your account is closed") == 1
    assert dora().leaving_at is not None
    assert browser.get(PAGE).status_code == 302


def test_a_code_without_a_request_closes_nothing(browsing: Browsing) -> None:
    assert "There is no such request" in told(browsing(DORA), f"{PAGE}deletion/confirm/", code="AAAAAA")
    assert dora().is_active


def test_whoever_is_needed_is_told_by_whom(browsing: Browsing) -> None:
    organization = make_organization("Needed", owner=make_user(DORA))
    add_member(organization=organization, user=make_user(ADA), role=Role.ADMIN)
    assert "You are the last owner of Needed" in told(browsing(DORA), f"{PAGE}deletion/")
    assert not DeletionRequest.objects.exists()


def test_nobody_sees_the_copies_of_others(browsing: Browsing) -> None:
    strange = request_export(user=make_user(BOB), kind=ExportFormat.JSON)
    assert str(strange.pk) not in browsing(DORA).get(PAGE).content.decode()


@pytest.mark.parametrize("route", ["name", "privacy", "copies", "deletion", "deletion/confirm"])
def test_reading_changes_nothing(browsing: Browsing, route: str) -> None:
    answer: Any = browsing(DORA).get(f"{PAGE}{route}/")
    assert answer.status_code == 405
