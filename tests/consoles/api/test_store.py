"""The store by REST: what is offered to whom, and whether it runs on one's glasses (rest §5)."""

import pytest
from pytest_django import DjangoAssertNumQueries

from apps_registry.models import Installation
from consoles.api import store
from sessions_app.phone.capabilities import find_capabilities
from sessions_app.phone.glasses_now import GlassesNow
from tests.consoles.api.conftest import Caller, Calling
from tests.support.personas import ADA, BOB, CAPTIONS, DORA, NOTES, make_app, make_user

pytestmark = pytest.mark.django_db

CAMERA = [{"type": "CAMERA", "level": "REQUIRED", "description": "to see"}]
ANYBODY = Caller()


def test_everybody_sees_what_is_published() -> None:
    make_app(CAPTIONS)
    make_app(NOTES, published=False)
    gone = make_app("com.example.gone").app
    gone.is_deprecated = True
    gone.save()

    code, said = ANYBODY.get("/store/published-apps")

    assert (code, said["success"]) == (200, True)
    assert [app["packageName"] for app in said["data"]] == [CAPTIONS]


def test_the_list_costs_the_same_however_long_it_is(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(4):
        make_app(f"com.example.app{number}", permissions=["CAMERA"], hardware=CAMERA)
    with django_assert_num_queries(4):
        assert len(ANYBODY.get("/store/published-apps")[1]["data"]) == 4


def test_somebody_sees_what_they_have_and_what_runs(
    calling: Calling, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = "Even Realities G1"
    monkeypatch.setattr(store, "glasses_of", lambda user: GlassesNow(True, model, find_capabilities(model)))
    make_app(CAPTIONS, installed_for=[make_user(ADA)])
    make_app(NOTES, hardware=CAMERA)

    code, said = calling(ADA).get("/store/published-apps-loggedin")

    assert code == 200
    captions, notes = said["data"]
    assert captions["isInstalled"] is True
    assert captions["compatibility"] == {
        "isCompatible": True,
        "missingRequired": [],
        "missingOptional": [],
        "warnings": [],
    }
    assert notes["isInstalled"] is False
    assert notes["compatibility"]["isCompatible"] is False
    assert notes["compatibility"]["missingRequired"] == CAMERA
    assert said["deviceInfo"]["connected"] is True
    assert said["deviceInfo"]["modelName"] == model
    assert said["deviceInfo"]["capabilities"]["hasCamera"] is False


def test_without_glasses_everything_may_be_installed(calling: Calling) -> None:
    make_app(NOTES, hardware=CAMERA)
    said = calling(ADA).get("/store/published-apps-loggedin")[1]

    assert said["deviceInfo"] == {"connected": False, "modelName": None, "capabilities": None}
    assert said["data"][0]["compatibility"]["isCompatible"] is True
    assert len(said["data"][0]["compatibility"]["warnings"]) == 1


def test_an_app_is_installed_and_uninstalled(calling: Calling) -> None:
    make_app(CAPTIONS)
    caller = calling(ADA)

    assert caller.post(f"/store/install/{CAPTIONS}") == (
        200,
        {"success": True, "message": "Captions is installed."},
    )
    assert [app["packageName"] for app in caller.get("/store/installed")[1]["data"]] == [CAPTIONS]
    code, said = caller.post(f"/store/install/{CAPTIONS}")
    assert (code, said) == (400, {"success": False, "message": "Captions is installed already."})

    assert caller.post(f"/store/uninstall/{CAPTIONS}")[0] == 200
    assert not Installation.objects.exists()
    code, said = caller.post(f"/store/uninstall/{CAPTIONS}")
    assert (code, said) == (400, {"success": False, "message": "Captions is not installed."})


@pytest.mark.parametrize("path", ["/store/install/{}", "/store/uninstall/{}"])
def test_what_is_not_offered_is_not_there(calling: Calling, path: str) -> None:
    make_app(CAPTIONS, published=False)
    for package in (CAPTIONS, "com.example.none", "%00"):
        code, said = calling(BOB).post(path.format(package))
        assert (code, said["success"], sorted(said)) == (404, False, ["message", "success"])
    assert not Installation.objects.exists()


def test_an_unpublished_app_is_for_its_own_organization(calling: Calling) -> None:
    make_app(CAPTIONS, published=False)

    assert ANYBODY.get(f"/store/{CAPTIONS}")[0] == 404
    assert calling(BOB).get(f"/store/{CAPTIONS}")[0] == 404
    assert calling(DORA).get(f"/store/{CAPTIONS}")[1]["data"]["packageName"] == CAPTIONS
    assert calling(DORA).post(f"/store/install/{CAPTIONS}")[0] == 200


def test_a_published_app_is_for_everybody() -> None:
    made = make_app(CAPTIONS)
    code, said = ANYBODY.get(f"/store/{CAPTIONS}")
    assert (code, said["data"]["name"]) == (200, "Captions")
    assert made.webhook_secret not in str(said)


def test_a_search_finds_parts_of_what_is_told() -> None:
    make_app(CAPTIONS)
    make_app(NOTES)
    make_app("com.example.captionist", published=False)
    for text in ("CAPT", "example.capt"):
        said = ANYBODY.get(f"/store/search?q={text}")[1]
        assert [app["packageName"] for app in said["data"]] == [CAPTIONS]
    assert ANYBODY.get("/store/search?q=%25")[1]["data"] == []


@pytest.mark.parametrize("query", ["", "?q=", "?q=%20", "?q=%00", f"?q={'x' * 200}"])
def test_a_search_for_nothing_is_told(query: str) -> None:
    assert ANYBODY.get(f"/store/search{query}") == (
        400,
        {"success": False, "message": "Search query is required"},
    )


def test_somebody_reads_who_they_are(
    calling: Calling, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ada, caller = make_user(ADA), calling(ADA)
    make_app(CAPTIONS, installed_for=[ada])
    make_app(NOTES, installed_for=[ada])
    with django_assert_num_queries(3):
        code, said = caller.get("/store/user/me")

    assert (code, said["success"]) == (200, True)
    assert (said["data"]["id"], said["data"]["email"]) == (str(ada.pk), ADA)
    assert [app["packageName"] for app in said["data"]["installedApps"]] == [CAPTIONS, NOTES]


def test_a_bad_token_is_refused_even_where_none_is_needed() -> None:
    make_app(CAPTIONS)
    code, said = Caller("nonsense").get(f"/store/{CAPTIONS}")
    assert (code, said["error"]) == (401, "Invalid or expired token")
