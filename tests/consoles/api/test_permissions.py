"""The permissions of an app by REST (rest §8)."""

import pytest

from accounts.rules import Role
from tests.consoles.api.conftest import Calling, CallingMember
from tests.support.personas import BOB, CAPTIONS, DORA, make_app

pytestmark = pytest.mark.django_db

PATH = f"/permissions/{CAPTIONS}"
WANTED = {"permissions": [{"type": "CAMERA", "description": "to see"}]}


def test_whoever_could_install_an_app_reads_what_it_may_do(calling: Calling) -> None:
    made = make_app(permissions=["MICROPHONE"])
    assert calling(BOB).get(PATH) == (200, {"permissions": [{"type": "MICROPHONE"}]})

    made.app.store_status = "DEVELOPMENT"
    made.app.save()
    assert calling(BOB).get(PATH)[0] == 404
    assert calling(DORA).get(PATH)[0] == 200


def test_a_developer_declares_them_anew(calling: Calling) -> None:
    make_app(permissions=["MICROPHONE"])
    code, said = calling(DORA).patch(PATH, WANTED)

    assert (code, said["packageName"], said["permissions"]) == (200, CAPTIONS, WANTED["permissions"])
    assert calling(DORA).patch(PATH, {"permissions": []})[1]["permissions"] == []


@pytest.mark.parametrize(
    "body", [{}, {"permissions": None}, {"permissions": ["WINGS"]}, {"permissions": "ALL"}]
)
def test_what_cannot_be_declared_is_told(calling: Calling, body: object) -> None:
    make_app()
    code, said = calling(DORA).patch(PATH, body)
    assert (code, list(said)) == (400, ["error"])


def test_nobody_else_declares_anything(calling: Calling, calling_member: CallingMember) -> None:
    app = make_app().app
    assert calling(BOB).patch(PATH, WANTED)[0] == 404
    assert calling_member(app.organization, Role.VIEWER).patch(PATH, WANTED)[0] == 403
    assert app.permissions.count() == 0
