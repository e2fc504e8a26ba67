"""What older clients do by REST: the same endpoints, their answers bare (rest §12)."""

import pytest

from tests.consoles.api.conftest import Calling
from tests.support.personas import BOB, CAPTIONS, DORA, make_app, make_organization, make_user

pytestmark = pytest.mark.django_db

NEW = {"packageName": "com.example.fresh", "name": "Fresh", "publicUrl": "https://fresh.example"}


def test_a_developer_reads_who_they_are(calling: Calling) -> None:
    home = make_organization()
    code, said = calling(DORA).get("/dev/auth/me")

    assert code == 200
    assert said.pop("createdAt")
    assert said == {
        "id": str(make_user(DORA).pk),
        "email": DORA,
        "name": "",
        "profile": {},
        "organizations": [str(home.pk)],
        "defaultOrg": str(home.pk),
    }


def test_apps_are_registered_into_the_organization_of_the_header(calling: Calling) -> None:
    make_organization("Home")
    other = make_organization("Other")
    caller = calling(DORA)
    caller.headers = {"x-org-id": str(other.pk)}

    code, said = caller.post("/dev/apps/register", NEW)
    assert (code, sorted(said)) == (201, ["apiKey", "app"])
    assert said["app"]["organizationId"] == str(other.pk)
    assert [app["packageName"] for app in caller.get("/dev/apps")[1]] == ["com.example.fresh"]


def test_an_app_is_read_and_changed_bare(calling: Calling) -> None:
    make_app()
    caller = calling(DORA)
    path = f"/dev/apps/{CAPTIONS}"

    assert caller.get(path)[1]["name"] == "Captions"
    assert caller.put(path, {"name": "Subtitles"})[1]["name"] == "Subtitles"
    assert sorted(caller.post(f"{path}/api-key")[1]) == ["apiKey", "createdAt"]
    target = make_organization("Target")
    moved = caller.post(f"{path}/move-org", {"targetOrgId": str(target.pk)})[1]
    assert moved["organizationId"] == str(target.pk)
    assert caller.post(f"{path}/publish")[0] == 400
    assert caller.delete(path) == (200, {"success": True})


def test_a_strangers_app_is_not_there(calling: Calling) -> None:
    make_app()
    assert calling(BOB).get(f"/dev/apps/{CAPTIONS}")[0] == 404


def test_an_app_belongs_to_its_whole_organization(calling: Calling) -> None:
    make_app()
    path = f"/dev/apps/{CAPTIONS}/visibility"

    assert calling(DORA).patch(path, {"sharedWithOrganization": True})[1]["packageName"] == CAPTIONS
    assert calling(DORA).patch(path, {"sharedWithOrganization": False})[0] == 400
    assert calling(BOB).patch(path, {"sharedWithOrganization": True})[0] == 404
