"""The settings editor: what it shows to whom, what it saves, where it says what is wrong."""

import pytest

from accounts.rules import Role
from apps_registry.models import App
from tests.consoles.conftest import Browsing, Member
from tests.consoles.developer.editing import editor_of, facts_of, send
from tests.support.personas import BOB, DORA, make_app

pytestmark = pytest.mark.django_db

TOGGLE = {"type": "toggle", "key": "on", "label": "On", "defaultValue": True}
DEEP = '{"version": 1, "document": [{"type": "titleValue", "label": "", "value": %s}]}' % (
    "[" * 900 + "]" * 900
)
SLIDER = {"type": "slider", "key": "size", "label": "Size", "min": 1, "max": 5}


def page_of(app: App) -> str:
    return editor_of(app, "settings")


def test_the_page_holds_the_document_and_its_version(browsing: Browsing) -> None:
    app = make_app(settings=[TOGGLE]).app
    facts = facts_of(browsing(DORA), page_of(app))
    assert facts["document"] == [TOGGLE]
    assert facts["version"] == app.version
    assert facts["editable"] is True


def test_what_is_saved_is_stored_by_the_rules(browsing: Browsing) -> None:
    app = make_app().app
    answer = send(browsing(DORA), page_of(app), {"version": app.version, "document": [TOGGLE, SLIDER]})
    app.refresh_from_db()
    stored = [TOGGLE, {**SLIDER, "defaultValue": 1}]
    assert answer.json() == {"version": app.version, "document": stored}
    assert app.settings_definitions == stored


def test_every_problem_is_told_at_its_place_and_nothing_is_stored(browsing: Browsing) -> None:
    app = make_app(settings=[TOGGLE]).app
    wrong = [{**SLIDER, "min": 9}, {**TOGGLE, "key": "size", "defaultValue": "yes"}]
    dora = browsing(DORA)
    for path in (page_of(app), f"{page_of(app)}check/"):
        problems = send(dora, path, {"version": app.version, "document": wrong}).json()["problems"]
        assert [problem["place"] for problem in problems] == [[0, "min"], [1, "defaultValue"], [1, "key"]]
        assert problems[1]["detail"] == "This must be true or false."
        assert problems[1]["message"].startswith('settings entry 2 ("size"): "defaultValue"')
    app.refresh_from_db()
    assert app.settings_definitions == [TOGGLE]


def test_who_is_overtaken_hears_by_whom_and_gets_the_newer_one(browsing: Browsing, member: Member) -> None:
    app = make_app(settings=[TOGGLE]).app
    began_with = app.version
    send(browsing(DORA), page_of(app), {"version": began_with, "document": [SLIDER]})
    late = member(app.organization, Role.DEVELOPER)
    answer = send(late, page_of(app), {"version": began_with, "document": []})
    assert answer.status_code == 409
    facts = answer.json()
    assert [change.split(",")[0] for change in facts["conflict"]] == [f"{DORA} changed settings"]
    assert facts["document"] == [{**SLIDER, "defaultValue": 1}]
    assert send(late, page_of(app), {"version": facts["version"], "document": []}).status_code == 200


def test_a_check_stores_nothing(browsing: Browsing) -> None:
    app = make_app().app
    assert send(browsing(DORA), f"{page_of(app)}check/", {"document": [TOGGLE]}).json() == {"problems": []}
    app.refresh_from_db()
    assert app.settings_definitions == []


@pytest.mark.parametrize(
    "body", ["{", "[]", "[" * 5000, DEEP, '{"version": 1, "document": 7}', "{}"], ids=len
)
@pytest.mark.parametrize("part", ["", "check/"])
def test_a_body_that_no_page_sends_is_refused(browsing: Browsing, body: str, part: str) -> None:
    app = make_app().app
    answer = browsing(DORA).post(page_of(app) + part, body, content_type="application/json")
    assert answer.json().get("message") or answer.json()["problems"]
    app.refresh_from_db()
    assert app.settings_definitions == []


def test_strangers_find_no_page(browsing: Browsing) -> None:
    app = make_app().app
    bob = browsing(BOB)
    assert bob.get(page_of(app)).status_code == 404
    for part in ("", "check/"):
        assert send(bob, page_of(app) + part, {"version": 1, "document": [TOGGLE]}).status_code == 404
    app.refresh_from_db()
    assert app.settings_definitions == []


def test_a_viewer_looks_and_changes_nothing(member: Member) -> None:
    app = make_app(settings=[TOGGLE]).app
    viewer = member(app.organization, Role.VIEWER)
    assert facts_of(viewer, page_of(app))["editable"] is False
    text = viewer.get(page_of(app)).content.decode()
    for name in ("save", "undo", "add", "types"):
        assert f'data-part="{name}"' not in text
    for part in ("", "check/"):
        assert send(viewer, page_of(app) + part, {"version": 1, "document": []}).status_code == 404
    app.refresh_from_db()
    assert app.settings_definitions == [TOGGLE]


def test_text_of_a_setting_cannot_leave_its_script_element(browsing: Browsing) -> None:
    app = make_app(settings=[{**TOGGLE, "label": "</script><b>"}]).app
    text = browsing(DORA).get(page_of(app)).content.decode()
    assert "</script><b>" not in text
    assert facts_of(browsing(DORA), page_of(app))["document"][0]["label"] == "</script><b>"
