"""How apps are used is told once to each person (rest §8)."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from apps_registry.services import update_app
from tests.support.personas import ADA, BOB, CAPTIONS, NOTES, make_app, make_token

pytestmark = pytest.mark.django_db


def ask(method: str, path: str, body: Any = None, *, email: str = ADA, **query: str) -> tuple[int, Any]:
    headers = {"authorization": f"Bearer {make_token(email)}"}
    text = "" if body is None else json.dumps(body)
    address = f"/api/onboarding/{path}?{urlencode(query)}"
    answer = Client().generic(method, address, text, "application/json", headers=headers)
    return answer.status_code, answer.json()


def test_who_has_seen_it_is_remembered_for_each_app() -> None:
    make_app(CAPTIONS)
    make_app(NOTES)
    assert ask("GET", "status", packageName=CAPTIONS)[0] == 400
    assert _status() == (200, {"hasCompletedOnboarding": False})
    for _ in range(2):
        done = ask("POST", "complete", {"email": "Ada@example.com", "packageName": CAPTIONS})
        assert done == (200, {"success": True, "hasCompletedOnboarding": True})
    assert _status() == (200, {"hasCompletedOnboarding": True})
    assert _status(NOTES) == (200, {"hasCompletedOnboarding": False})
    assert _status("com.example.none")[0] == 404
    assert ask("POST", "complete", {"email": BOB, "packageName": CAPTIONS})[0] == 403
    assert ask("POST", "complete", {"email": ADA})[0] == 400


def test_instructions_are_for_everybody() -> None:
    app = make_app(CAPTIONS).app
    path = f"/api/onboarding/instructions?packageName={CAPTIONS}"
    assert Client().get(path).status_code == 404
    update_app(app=app, onboarding_instructions=" Tap twice. ")
    assert Client().get(path).json() == {"instructions": "Tap twice."}
    assert Client().get("/api/onboarding/instructions").status_code == 400


def test_the_cloud_has_instructions_too(settings: Any) -> None:
    assert Client().get(f"/api/instructions?userId={ADA}").json() == {"instructions": ""}
    settings.INSTRUCTIONS = "Be kind."
    assert Client().get("/api/instructions").json() == {"instructions": "Be kind."}


def _status(package: str = CAPTIONS) -> tuple[int, Any]:
    headers = {"authorization": f"Bearer {make_token(ADA)}"}
    query = urlencode({"email": ADA, "packageName": package})
    answer = Client().get(f"/api/onboarding/status?{query}", headers=headers)
    return answer.status_code, answer.json()
