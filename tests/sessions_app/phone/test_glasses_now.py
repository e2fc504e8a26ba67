"""Which glasses somebody wears is known from their live session, else from what they say they usually wear."""

from typing import Any

import pytest

from accounts.models import User
from sessions_app.models import UserSession
from sessions_app.phone import glasses_now
from sessions_app.phone.glasses_now import GlassesNow, glasses_of
from sessions_app.states import SessionState
from tests.support.personas import make_user

pytestmark = pytest.mark.django_db
G1 = "Even Realities G1"


def wear(monkeypatch: pytest.MonkeyPatch, device: dict[str, Any], **settings: Any) -> User:
    user = make_user(settings=settings)
    UserSession.objects.create(user=user, state=SessionState.ACTIVE)
    monkeypatch.setattr(glasses_now, "read_snapshot", lambda session_id: {"phone": {"device": device}})
    return user


def test_without_a_session_nothing_is_known() -> None:
    assert glasses_of(make_user()) == GlassesNow()


def test_connected_glasses_are_told_with_what_they_can(monkeypatch: pytest.MonkeyPatch) -> None:
    found = glasses_of(wear(monkeypatch, {"connected": True, "modelName": G1}, default_wearable="Vuzix Z100"))
    assert (found.connected, found.model_name) == (True, G1)
    assert found.capabilities is not None
    assert found.capabilities["hasDisplay"] is True


@pytest.mark.parametrize("device", [{}, {"connected": False, "modelName": "Vuzix Z100"}])
def test_before_any_are_connected_the_usual_ones_count(
    monkeypatch: pytest.MonkeyPatch, device: dict[str, Any]
) -> None:
    found = glasses_of(wear(monkeypatch, device, default_wearable=G1))
    assert (found.connected, found.model_name) == (False, G1)
    assert found.capabilities is not None


@pytest.mark.parametrize(
    ("device", "expected"),
    [
        ({}, GlassesNow()),
        ({"connected": False, "modelName": "Vuzix Z100"}, GlassesNow(model_name="Vuzix Z100")),
        ({"connected": True, "modelName": "Of tomorrow"}, GlassesNow(True, "Of tomorrow", None)),
    ],
)
def test_what_is_not_known_is_not_guessed(
    monkeypatch: pytest.MonkeyPatch, device: dict[str, Any], expected: GlassesNow
) -> None:
    assert glasses_of(wear(monkeypatch, device, default_wearable=7)) == expected
