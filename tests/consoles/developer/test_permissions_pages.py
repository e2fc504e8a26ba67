"""The editor of permissions and hardware: what it explains, what it saves, for whom."""

import pytest

from accounts.rules import Role
from apps_registry.models import App
from apps_registry.rules import HardwareType, PermissionType
from tests.consoles.conftest import Browsing, Member
from tests.consoles.developer.editing import editor_of, facts_of, send
from tests.support.personas import BOB, DORA, make_app

pytestmark = pytest.mark.django_db

MICROPHONE = {"type": "MICROPHONE", "description": "To write what is said."}
DISPLAY = {"type": "DISPLAY", "level": "REQUIRED", "description": ""}


def page_of(app: App) -> str:
    return editor_of(app, "permissions")


def test_every_permission_and_part_of_glasses_is_explained(browsing: Browsing) -> None:
    facts = facts_of(browsing(DORA), page_of(make_app().app))
    assert {kind["type"] for kind in facts["permissions"]} == set(PermissionType)
    assert {kind["type"] for kind in facts["hardware"]} == set(HardwareType)
    unlocked = {kind["type"]: kind["streams"] for kind in facts["permissions"]}
    assert "transcription" in unlocked["MICROPHONE"]
    assert unlocked["NOTIFICATIONS"] == unlocked["READ_NOTIFICATIONS"] != []
    assert unlocked["POST_NOTIFICATIONS"] == []
    assert set(unlocked["CAMERA"]) < set(unlocked["ALL"])


def test_the_page_knows_what_each_model_lacks(browsing: Browsing) -> None:
    facts = facts_of(browsing(DORA), page_of(make_app().app))
    lacks = {model["name"]: set(model["lacks"]) for model in facts["models"]}
    assert "None" not in lacks
    assert "CAMERA" in lacks["Even Realities G1"]
    assert lacks["Mentra Live"] == {"DISPLAY"}


def test_both_lists_are_saved_at_once_and_shown_again(browsing: Browsing) -> None:
    app = make_app(permissions=["CAMERA"]).app
    dora, document = browsing(DORA), {"permissions": [MICROPHONE], "hardwareRequirements": [DISPLAY]}
    assert send(dora, page_of(app), {"version": app.version, "document": document}).status_code == 200
    assert facts_of(dora, page_of(app))["document"] == document


@pytest.mark.parametrize(
    ("document", "place"),
    [
        (
            {"permissions": [{**MICROPHONE, "description": "x" * 501}], "hardwareRequirements": []},
            ["permissions", 0, "description"],
        ),
        ({"permissions": [{"type": "NOSE"}], "hardwareRequirements": []}, ["permissions", 0, "type"]),
        (
            {"permissions": [], "hardwareRequirements": [DISPLAY, {**DISPLAY, "level": "MAYBE"}]},
            ["hardwareRequirements", 1, "level"],
        ),
        ({"permissions": [], "hardwareRequirements": 7}, []),
        ({"permissions": []}, []),
        ([], []),
    ],
)
def test_a_problem_is_told_at_its_place_and_nothing_is_lost(
    browsing: Browsing, document: object, place: list[object]
) -> None:
    app = make_app(permissions=["CAMERA"], hardware=[DISPLAY]).app
    answer = send(browsing(DORA), page_of(app), {"version": app.version, "document": document})
    assert answer.status_code == 400
    assert [problem["place"] for problem in answer.json()["problems"]] == [place]
    assert [row.type for row in app.permissions.all()] == ["CAMERA"]
    assert [row.type for row in app.hardware_requirements.all()] == ["DISPLAY"]


def test_neither_strangers_nor_viewers_change_them(browsing: Browsing, member: Member) -> None:
    app = make_app(permissions=["CAMERA"]).app
    viewer = member(app.organization, Role.VIEWER)
    assert browsing(BOB).get(page_of(app)).status_code == 404
    assert facts_of(viewer, page_of(app))["editable"] is False
    assert 'data-part="save"' not in viewer.get(page_of(app)).content.decode()
    document: dict[str, list[object]] = {"permissions": [], "hardwareRequirements": []}
    for browser in (browsing(BOB), viewer):
        assert send(browser, page_of(app), {"version": app.version, "document": document}).status_code == 404
    assert app.permissions.count() == 1
