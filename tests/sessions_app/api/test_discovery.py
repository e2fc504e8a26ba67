"""Only an app that somebody runs learns who else runs it, and nothing more than they allow (rest §6)."""

from typing import Any

import pytest

from accounts import limits
from sessions_app.app_runs.rules import RunEvent
from tests.sessions_app.api.conftest import Ask
from tests.support.personas import ADA, BOB, CAPTIONS, NOTES, RegisteredApp, make_app, make_user
from tests.support.sessions import connect_phone, play

pytestmark = pytest.mark.django_db
PATH = "/api/app-communication/discover-users"


@pytest.fixture
def captions() -> RegisteredApp:
    """An app that Ada and Bob run."""
    app = make_app(CAPTIONS)
    for email in (ADA, BOB):
        user = make_user(email, settings={"share_profile_with_app_users": email == BOB})
        user.name = "Somebody"
        user.save()
        play(connect_phone(user).ref, RunEvent.START, RunEvent.ATTACHED)
    return app


def body(**fields: Any) -> dict[str, Any]:
    return {"packageName": CAPTIONS, "userId": ADA, **fields}


def test_others_are_listed_and_profiles_only_when_asked_for(ask: Ask, captions: RegisteredApp) -> None:
    status, said = ask("POST", PATH, body(), token=captions.api_key)
    assert (status, said["totalUsers"]) == (200, 1)
    (bob,) = said["users"]
    assert bob.pop("joinedAt").endswith("Z")
    assert bob == {"userId": BOB, "sessionId": f"{BOB}-{CAPTIONS}"}
    _, said = ask("POST", PATH, body(includeUserProfiles=True), token=captions.api_key)
    assert said["users"][0]["userProfile"] == {"name": "Somebody"}
    _, said = ask("POST", PATH, body(userId=BOB.upper(), includeUserProfiles=True), token=captions.api_key)
    assert [(user["userId"], "userProfile" in user) for user in said["users"]] == [(ADA, False)]


@pytest.mark.parametrize(
    ("fields", "status"),
    [({"userId": "nobody@example.com"}, 404), ({"userId": ""}, 400), ({"packageName": NOTES}, 401)],
)
def test_who_does_not_run_the_app_learns_nothing(
    ask: Ask, captions: RegisteredApp, fields: dict[str, Any], status: int
) -> None:
    make_app(NOTES)
    code, said = ask("POST", PATH, body(**fields), token=captions.api_key)
    assert (code, "users" in said) == (status, False)


def test_a_key_of_another_app_does_not_open_it(ask: Ask, captions: RegisteredApp) -> None:
    notes = make_app(NOTES)
    assert ask("POST", PATH, body(), token=f"{NOTES}:{notes.api_key}")[0] == 403


def test_asking_is_limited(ask: Ask, captions: RegisteredApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(limits.LIMITS, "discovery", limits.Limit(1, 60, "looked for users"))
    asked = [ask("POST", PATH, body(), token=captions.api_key)[0] for _ in range(2)]
    assert asked == [200, 429]
