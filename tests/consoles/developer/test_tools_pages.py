"""The tools editor: the same ways as the settings editor, with the rules of tools."""

import pytest

from accounts.rules import Role
from tests.consoles.conftest import Browsing, Member
from tests.consoles.developer.editing import editor_of, facts_of, send
from tests.support.personas import BOB, DORA, make_app

pytestmark = pytest.mark.django_db

TOOL = {
    "id": "add_todo",
    "description": "Add a to-do item",
    "parameters": {"text": {"type": "string", "description": "what", "required": True}},
}


def test_tools_are_saved_and_shown_again(browsing: Browsing) -> None:
    app = make_app().app
    dora, page = browsing(DORA), editor_of(app, "tools")
    assert send(dora, page, {"version": app.version, "document": [TOOL]}).status_code == 200
    facts = facts_of(dora, page)
    assert facts["document"] == [TOOL]
    assert facts["app"]["publicUrl"] == app.public_url


def test_a_problem_is_told_at_its_parameter(browsing: Browsing) -> None:
    app = make_app().app
    wrong = {**TOOL, "parameters": {"when": {"type": "date", "description": ""}}}
    answer = send(browsing(DORA), editor_of(app, "tools"), {"version": app.version, "document": [wrong]})
    [problem] = answer.json()["problems"]
    assert problem["place"] == [0, "parameters", "when", "type"]
    app.refresh_from_db()
    assert app.tools == []


def test_neither_strangers_nor_viewers_change_tools(browsing: Browsing, member: Member) -> None:
    app = make_app().app
    page = editor_of(app, "tools")
    assert browsing(BOB).get(page).status_code == 404
    viewer = member(app.organization, Role.VIEWER)
    assert facts_of(viewer, page)["editable"] is False
    assert 'data-part="save"' not in viewer.get(page).content.decode()
    for browser in (browsing(BOB), viewer):
        assert send(browser, page, {"version": app.version, "document": [TOOL]}).status_code == 404
    app.refresh_from_db()
    assert app.tools == []
