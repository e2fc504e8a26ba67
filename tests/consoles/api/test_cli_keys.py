"""Keys of command lines by REST (rest §11)."""

from typing import Any

import jwt
import pytest

from tests.consoles.api.conftest import Caller, Calling
from tests.support.personas import BOB, DORA

pytestmark = pytest.mark.django_db


def test_a_key_is_shown_once_and_opens_the_command_line(calling: Calling) -> None:
    caller = calling(DORA)
    code, said = caller.post("/console/cli-keys", {"name": "laptop", "expiresInDays": 30})

    made = said["data"]
    assert code == 201
    assert sorted(made) == ["createdAt", "expiresAt", "keyId", "name", "token"]
    claims = jwt.decode(made["token"], options={"verify_signature": False})
    assert {name: claims[name] for name in ("email", "type", "keyId", "name")} == {
        "email": DORA,
        "type": "cli",
        "keyId": made["keyId"],
        "name": "laptop",
    }
    assert claims["exp"] - claims["iat"] == 30 * 24 * 3600
    assert Caller(made["token"]).get("/cli/apps")[0] == 200
    assert made["token"] not in str(caller.get("/console/cli-keys"))


def test_keys_are_listed_renamed_and_revoked(calling: Calling) -> None:
    caller = calling(DORA)
    made = caller.post("/console/cli-keys", {"name": "laptop"})[1]["data"]
    path = f"/console/cli-keys/{made['keyId']}"

    listed = caller.get("/console/cli-keys")[1]["data"]
    assert listed == [
        {
            "keyId": made["keyId"],
            "name": "laptop",
            "createdAt": made["createdAt"],
            "lastUsedAt": None,
            "expiresAt": None,
            "isActive": True,
        }
    ]
    assert caller.get(path)[1]["data"] == listed[0]
    assert caller.patch(path, {"name": "desk"})[1]["data"]["name"] == "desk"
    assert caller.delete(path) == (200, {"success": True})
    assert caller.get(path)[0] == 404
    assert Caller(made["token"]).get("/cli/apps")[0] == 401


@pytest.mark.parametrize(
    "body", [{}, {"name": " "}, {"name": "x" * 200}, {"name": "a", "expiresInDays": 0}, {"name": "a\0"}]
)
def test_a_key_that_cannot_be_is_not_made(calling: Calling, body: Any) -> None:
    code, said = calling(DORA).post("/console/cli-keys", body)
    assert (code, list(said)) == (400, ["error"])


@pytest.mark.parametrize(("method", "body"), [("GET", None), ("PATCH", {"name": "mine"}), ("DELETE", None)])
def test_a_strangers_key_is_not_there(calling: Calling, method: str, body: Any) -> None:
    made = calling(DORA).post("/console/cli-keys", {"name": "laptop"})[1]["data"]

    assert calling(BOB).send(method, f"/console/cli-keys/{made['keyId']}", body)[0] == 404
    assert Caller(made["token"]).get("/cli/apps")[0] == 200


@pytest.mark.parametrize("key_id", ["none", "%00", "a" * 500])
def test_a_key_that_never_was_is_not_there(calling: Calling, key_id: str) -> None:
    assert calling(DORA).get(f"/console/cli-keys/{key_id}")[0] == 404


def test_a_command_line_makes_no_keys(command_line: Calling) -> None:
    assert command_line(DORA).post("/console/cli-keys", {"name": "another"})[0] == 401
