"""The frame of an app's pages: for whom it opens, and the links between them."""

import re

import pytest

from accounts.rules import Role
from tests.consoles.conftest import Browsing, Member
from tests.support.personas import BOB, DORA, make_app

pytestmark = pytest.mark.django_db

CURRENT = re.compile(r'<a href="([^"]+)" aria-current="page">([^<]+)</a>')


@pytest.mark.parametrize(
    "page",
    [
        "apps_registry/app/{}/change/",
        "apps/{}/settings/",
        "apps/{}/keys/",
        "apps/{}/live/",
        "apps/{}/statistics/",
    ],
)
def test_each_page_of_an_app_leads_to_the_others_and_marks_itself(browsing: Browsing, page: str) -> None:
    app = make_app().app
    path = f"/console/{page.format(app.pk)}"
    text = browsing(DORA).get(path).content.decode()
    assert f'aria-label="Pages of {app.name}"' in text
    assert [href for href, _ in CURRENT.findall(text) if not href.startswith("?")] == [path]


def test_a_strangers_app_opens_no_page(browsing: Browsing) -> None:
    app = make_app().app
    assert browsing(BOB).get(f"/console/apps/{app.pk}/live/").status_code == 404


def test_who_may_look_sees_the_pages_to_look_at(member: Member) -> None:
    app = make_app().app
    text = member(app.organization, Role.VIEWER).get(f"/console/apps/{app.pk}/live/").content.decode()
    assert ">Statistics</a>" in text
