"""The live page of an app: numbers of everybody, the whole story of oneself, nothing of strangers."""

import pytest

from sessions_app.app_runs.rules import RunEvent
from sessions_app.models import WebhookCall
from tests.consoles.conftest import Browsing
from tests.support.personas import ADA, BOB, CAPTIONS, DORA, make_app, make_user
from tests.support.sessions import connect_phone, play

pytestmark = pytest.mark.django_db


def page_of(app_pk: int) -> str:
    return f"/console/apps/{app_pk}/live/"


def test_ones_own_session_is_shown_whole_and_others_are_counted(browsing: Browsing) -> None:
    app = make_app().app
    for email in (DORA, ADA, BOB):
        play(connect_phone(make_user(email)).ref, RunEvent.START)
    text = browsing(DORA).get(page_of(app.pk)).content.decode()
    assert ">3<" in text
    assert "phone_connected" in text
    assert CAPTIONS in text
    assert ADA not in text
    assert BOB not in text


def test_who_never_started_it_is_led_to_the_glasses(browsing: Browsing) -> None:
    app = make_app().app
    assert 'href="/console/simulator/"' in browsing(DORA).get(page_of(app.pk)).content.decode()


@pytest.mark.parametrize("part", ["", "now/"])
def test_a_strangers_app_has_no_page(browsing: Browsing, part: str) -> None:
    app = make_app().app
    assert browsing(BOB).get(page_of(app.pk) + part).status_code == 404


def test_the_page_renews_only_its_middle(browsing: Browsing) -> None:
    app = make_app().app
    dora = browsing(DORA)
    assert f'hx-get="{page_of(app.pk)}now/"' in dora.get(page_of(app.pk)).content.decode()
    part = dora.get(f"{page_of(app.pk)}now/").content.decode()
    assert "<html" not in part
    assert "Your own session" in part


def test_the_last_failed_webhook_is_told_without_a_word_on_whose_it_was(browsing: Browsing) -> None:
    app = make_app().app
    failed = {"kind": "session_request", "problem": "NOBODY_LISTENS"}
    WebhookCall.objects.create(app=app, user=make_user(BOB), detail="of Bob", **failed)
    text = browsing(DORA).get(page_of(app.pk)).content.decode()
    assert "<code>NOBODY_LISTENS</code> at the stage connect" in text
    assert "of Bob" not in text
    assert "?problems_only&amp;everybody" in text
