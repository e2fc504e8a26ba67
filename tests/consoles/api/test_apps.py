"""Apps by REST: what is told of them, who may change them, what a program reads when it may not (rest §10)."""

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.rules import Role
from accounts.services import add_member
from apps_registry.models import ApiKey, App, Installation
from apps_registry.selectors import find_valid_key
from tests.consoles.api.conftest import Caller, Calling, CallingMember
from tests.support.personas import BOB, CAPTIONS, DORA, NOTES, make_app, make_organization, make_user

pytestmark = pytest.mark.django_db

NEW = {"packageName": "com.example.fresh", "name": "Fresh", "publicUrl": "https://fresh.example"}
PATHS = [
    ("GET", "", None),
    ("PUT", "", {"name": "Mine now"}),
    ("DELETE", "", None),
    ("POST", "/api-key", None),
    ("POST", "/move", {"targetOrgId": "1"}),
]


def test_an_app_is_told_in_full_and_without_a_secret(calling: Calling) -> None:
    made = make_app(
        permissions=["MICROPHONE"],
        settings=[{"type": "toggle", "key": "loud", "label": "Loud", "defaultValue": True}],
        hardware=[{"type": "DISPLAY", "level": "REQUIRED", "description": "to show"}],
    )
    app = made.app

    code, said = calling(DORA).get(f"/console/apps/{CAPTIONS}")

    assert code == 200
    assert said["success"] is True
    data = said["data"]
    assert data.pop("createdAt").endswith("Z")
    assert data.pop("updatedAt").endswith("Z")
    assert data == {
        "id": str(app.pk),
        "packageName": CAPTIONS,
        "name": "Captions",
        "description": "",
        "onboardingInstructions": "",
        "publicUrl": "http://127.0.0.1:7010",
        "webviewURL": "",
        "logoURL": "",
        "appType": "standard",
        "appStoreStatus": "PUBLISHED",
        "verificationStatus": "NONE",
        "permissions": [{"type": "MICROPHONE"}],
        "hardwareRequirements": [{"type": "DISPLAY", "level": "REQUIRED", "description": "to show"}],
        "settings": [{"type": "toggle", "key": "loud", "label": "Loud", "defaultValue": True}],
        "tools": [],
        "version": "1",
        "previewImages": [],
        "organizationId": str(app.organization_id),
        "orgName": app.organization.name,
        "developerId": str(app.developer_id),
    }
    assert made.webhook_secret not in str(said)


def test_the_list_holds_ones_own_apps(calling: Calling) -> None:
    make_app(CAPTIONS)
    make_app(NOTES, owner=make_user(BOB))

    _, said = calling(DORA).get("/console/apps")
    assert [app["packageName"] for app in said["data"]] == [CAPTIONS]


def test_the_list_may_be_of_one_organization(calling: Calling) -> None:
    app = make_app(CAPTIONS).app
    other = make_organization("Other")
    caller = calling(DORA)

    assert len(caller.get(f"/console/apps?orgId={app.organization_id}")[1]["data"]) == 1
    assert caller.get(f"/console/apps?orgId={other.pk}")[1]["data"] == []
    caller.headers = {"x-org-id": str(other.pk)}
    assert caller.get("/console/apps")[1]["data"] == []


@pytest.mark.parametrize("org_id", ["0", "99999", "x", "9" * 30, "%00"])
def test_an_organization_one_does_not_belong_to_lists_nothing(calling: Calling, org_id: str) -> None:
    code, said = calling(DORA).get(f"/console/apps?orgId={org_id}")
    assert (code, said) == (403, {"error": "You do not belong to this organization."})


def test_listing_costs_the_same_however_many_there_are(
    calling: Calling, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    caller = calling(DORA)
    for number in range(4):
        make_app(f"com.example.app{number}", permissions=["CAMERA"])
    # Token, user, apps with organizations, permissions, hardware, pictures.
    with django_assert_num_queries(6):
        assert len(caller.get("/console/apps")[1]["data"]) == 4


def test_a_new_app_comes_with_a_key_and_is_installed(calling: Calling) -> None:
    code, said = calling(DORA).post("/console/apps", NEW)

    assert code == 201
    app = App.objects.get(package_name="com.example.fresh")
    assert said["data"]["app"]["packageName"] == "com.example.fresh"
    assert said["data"]["app"]["permissions"] == [{"type": "MICROPHONE"}]
    assert said["data"]["app"]["appStoreStatus"] == "DEVELOPMENT"
    assert find_valid_key(app.package_name, said["data"]["apiKey"]) is not None
    assert Installation.objects.filter(app=app, user__email=DORA).exists()
    assert app.developer is not None
    assert app.developer.email == DORA


def test_a_new_app_says_all_about_itself(calling: Calling) -> None:
    more = {
        "description": "Reads aloud",
        "webviewURL": None,
        "logoURL": "https://fresh.example/logo.png",
        "appType": "standard",
        "permissions": [{"type": "CAMERA", "description": "to see"}],
        "settings": [{"type": "group", "title": "Voice"}],
        "tools": [{"id": "read", "description": "Read it"}],
        "hardwareRequirements": [{"type": "CAMERA", "level": "REQUIRED"}],
    }
    app = calling(DORA).post("/console/apps", {**NEW, **more})[1]["data"]["app"]

    assert {name: app[name] for name in more} == {**more, "webviewURL": ""}


def test_a_new_app_goes_to_the_organization_that_is_named(calling: Calling) -> None:
    home, other = make_organization("Home"), make_organization("Other")
    caller = calling(DORA)

    assert caller.post("/console/apps", NEW)[1]["data"]["app"]["organizationId"] == str(home.pk)
    named = {**NEW, "packageName": "com.example.second", "orgId": str(other.pk)}
    assert caller.post("/console/apps", named)[1]["data"]["app"]["organizationId"] == str(other.pk)


@pytest.mark.parametrize(
    ("change", "code", "start"),
    [
        ({"packageName": "Nonsense"}, 400, "The package name must look like"),
        ({"packageName": CAPTIONS}, 409, f"The package name {CAPTIONS} is taken."),
        ({"publicUrl": "https://fresh.example/webhook"}, 400, "Leave /webhook off"),
        ({"publicUrl": None}, 400, "publicUrl: "),
        ({"appType": "system_dashboard"}, 400, "appType: It must be one of background, standard."),
        ({"permissions": [{"type": "TELEPATHY"}]}, 400, "permissions entry 1 must be one of"),
        ({"settings": [{"type": "toggle"}]}, 400, "settings entry 1"),
        ({"tools": {}}, 400, "tools must be a list."),
        ({"hardwareRequirements": [{"type": "WINGS", "level": "REQUIRED"}]}, 400, "hardware_requirements"),
        ({"orgId": "424242"}, 403, "You do not belong"),
    ],
)
def test_what_cannot_be_registered_is_told(
    calling: Calling, change: dict[str, Any], code: int, start: str
) -> None:
    make_app(CAPTIONS)
    answer = calling(DORA).post("/console/apps", {**NEW, **change})

    assert answer[0] == code
    assert list(answer[1]) == ["error"]
    assert answer[1]["error"].startswith(start)
    assert App.objects.count() == 1


@pytest.mark.parametrize("body", [[], "text", 3, None])
def test_a_body_must_be_an_object(calling: Calling, body: Any) -> None:
    assert calling(DORA).post("/console/apps", body)[0] == 400


def test_a_change_names_only_what_changes(calling: Calling) -> None:
    make_app(permissions=["CAMERA"])
    caller = calling(DORA)
    ignored = {"packageName": "com.evil.app", "organizationId": "7", "hashedApiKey": "x", "_id": 1, "id": 2}

    code, said = caller.put(f"/console/apps/{CAPTIONS}", {"name": "Subtitles", **ignored})

    assert code == 200
    assert said["data"]["name"] == "Subtitles"
    assert said["data"]["packageName"] == CAPTIONS
    assert said["data"]["permissions"] == [{"type": "CAMERA"}]
    assert said["data"]["version"] == "2"


def test_what_was_read_may_be_sent_back(calling: Calling) -> None:
    make_app(permissions=["CAMERA"], app_type="system_dashboard")
    caller = calling(DORA)
    read = caller.get(f"/console/apps/{CAPTIONS}")[1]["data"]

    code, said = caller.put(f"/console/apps/{CAPTIONS}", {**read, "webviewURL": None})
    assert code == 200
    assert said["data"]["appType"] == "system_dashboard"


def test_a_program_may_not_make_itself_published(calling: Calling) -> None:
    make_app(published=False)
    forged = {"appStoreStatus": "PUBLISHED", "store_status": "PUBLISHED", "verificationStatus": "VERIFIED"}

    said = calling(DORA).put(f"/console/apps/{CAPTIONS}", forged)[1]["data"]
    assert (said["appStoreStatus"], said["verificationStatus"]) == ("DEVELOPMENT", "NONE")


def test_a_change_of_an_old_version_is_refused(calling: Calling) -> None:
    make_app()
    caller = calling(DORA)
    assert caller.put(f"/console/apps/{CAPTIONS}", {"name": "A", "expectedVersion": 1})[0] == 200

    code, said = caller.put(f"/console/apps/{CAPTIONS}", {"name": "B", "expectedVersion": 1})
    assert code == 409
    assert DORA in said["error"]
    assert App.objects.get().name == "A"


def test_a_new_key_ends_every_other_one(calling: Calling) -> None:
    made = make_app()
    code, said = calling(DORA).post(f"/console/apps/{CAPTIONS}/api-key")

    assert code == 200
    assert sorted(said["data"]) == ["apiKey", "createdAt"]
    assert find_valid_key(CAPTIONS, said["data"]["apiKey"]) is not None
    assert find_valid_key(CAPTIONS, made.api_key) is None


def test_an_app_moves_between_ones_own_organizations(calling: Calling) -> None:
    make_app()
    target = make_organization("Target")
    code, said = calling(DORA).post(f"/console/apps/{CAPTIONS}/move", {"targetOrgId": str(target.pk)})

    assert (code, said["data"]["organizationId"]) == (200, str(target.pk))


def test_an_app_does_not_move_to_strangers(calling: Calling) -> None:
    app = make_app().app
    strange = make_organization("Strange", owner=make_user(BOB))
    caller = calling(DORA)

    assert caller.post(f"/console/apps/{CAPTIONS}/move", {"targetOrgId": str(strange.pk)})[0] == 404
    add_member(organization=strange, user=make_user(DORA), role=Role.VIEWER)
    assert caller.post(f"/console/apps/{CAPTIONS}/move", {"targetOrgId": str(strange.pk)})[0] == 403
    app.refresh_from_db()
    assert app.organization != strange


def test_an_app_is_deleted(calling: Calling) -> None:
    make_app()
    assert calling(DORA).delete(f"/console/apps/{CAPTIONS}") == (200, {"success": True})
    assert not App.objects.exists()


@pytest.mark.parametrize(("method", "path", "body"), PATHS)
def test_a_strangers_app_is_not_there(calling: Calling, method: str, path: str, body: Any) -> None:
    app = make_app().app
    code, said = calling(BOB).send(method, f"/console/apps/{CAPTIONS}{path}", body)

    assert code == 404
    assert said == {"error": f"There is no app with the package name {CAPTIONS}."}
    app.refresh_from_db()
    assert app.name == "Captions"
    assert ApiKey.objects.filter(revoked_at=None).count() == 1


@pytest.mark.parametrize(
    ("role", "codes"),
    [
        (Role.VIEWER, [200, 403, 403, 403, 403]),
        (Role.DEVELOPER, [200, 200, 403, 200, 403]),
        (Role.ADMIN, [200, 200, 200, 200, 200]),
    ],
)
def test_a_role_reaches_as_far_as_in_the_console(
    calling_member: CallingMember, role: Role, codes: list[int]
) -> None:
    app = make_app().app
    caller = calling_member(app.organization, role)
    target = make_organization("Target", owner=make_user(f"{role}@example.com"))
    order = [0, 1, 3, 4, 2]  # deleting comes last
    got = {}
    for index in order:
        method, path, _ = PATHS[index]
        bodies = {1: {"name": "New"}, 4: {"targetOrgId": str(target.pk)}}
        got[index] = caller.send(method, f"/console/apps/{CAPTIONS}{path}", bodies.get(index))[0]

    assert [got[index] for index in range(len(PATHS))] == codes


def test_a_viewer_registers_nothing(calling_member: CallingMember) -> None:
    organization = make_organization()
    caller = calling_member(organization, Role.VIEWER)

    assert caller.post("/console/apps", {**NEW, "orgId": str(organization.pk)})[0] == 403
    assert not App.objects.exists()


def test_a_command_line_does_what_the_console_does(command_line: Calling) -> None:
    """The requests of the official command line: create, list, update with one more permission, export, key, delete."""
    caller, path = command_line(DORA), "/cli/apps/com.example.fresh"

    code, said = caller.post("/cli/apps", {**NEW, "appType": "background", "webviewURL": NEW["publicUrl"]})
    assert (code, len(said["data"]["apiKey"])) == (201, 64)
    listed = caller.get("/cli/apps")[1]["data"]
    assert [[app[name] for name in ("packageName", "appType", "appStoreStatus")] for app in listed] == [
        ["com.example.fresh", "background", "DEVELOPMENT"]
    ]
    permissions = [*listed[0]["permissions"], {"type": "CAMERA"}]
    code, said = caller.put(path, {"description": "Told", "webviewURL": None, "permissions": permissions})
    assert (code, said["data"]["permissions"]) == (200, permissions)
    exported = caller.get(path)[1]["data"]
    assert (exported["description"], exported["webviewURL"], exported["logoURL"]) == ("Told", "", "")
    assert caller.post(f"{path}/publish")[0] == 400
    assert len(caller.post(f"{path}/api-key")[1]["data"]["apiKey"]) == 64
    assert caller.delete(path)[0] == 200
    assert caller.get(path)[0] == 404


def test_nobody_is_told_nothing() -> None:
    code, said = Caller().get("/console/apps")
    assert (code, said["error"]) == (401, "Authorization header missing or invalid")


@pytest.mark.parametrize("package", ["nonsense", "..%2F", "%00", "a" * 300, "com.example.%E2%82%AC"])
def test_an_impossible_name_is_not_there(calling: Calling, package: str) -> None:
    assert calling(DORA).get(f"/console/apps/{package}")[0] == 404
