"""A button that no app listens to takes a photo for its wearer."""

from datetime import timedelta

import pytest
from django.utils import timezone

from sessions_app.models import AwaitedPhoto
from sessions_app.outbound.commands import FindListener, Reply
from tests.sessions_app.api.conftest import Ask, Owners
from tests.support.personas import BOB

pytestmark = pytest.mark.django_db
PRESS = "/api/hardware/button-press"
BODY = {"buttonId": "camera", "pressType": "short"}


def test_a_button_that_an_app_hears_is_its_matter(ask: Ask, owners: Owners) -> None:
    assert ask("POST", PRESS, BODY) == (200, {"success": True})
    assert owners.asked == [FindListener("button_press")]


def test_a_button_nobody_hears_takes_a_photo(ask: Ask, owners: Owners) -> None:
    owners.reply = Reply(ok=False, code="NOBODY")
    status, body = ask("POST", PRESS, BODY)
    assert (status, body["success"], body["action"]) == (200, True, "take_photo")
    assert body["uploadToken"]
    path = f"/api/hardware/system-photo-request/{body['requestId']}"
    assert ask("GET", path) == (200, {"success": True, "action": "take_photo"})
    assert ask("GET", path, email=BOB)[0] == 404
    AwaitedPhoto.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert ask("GET", path) == (404, {"success": False, "message": "Photo request not found"})


def test_a_press_needs_a_session_and_names(ask: Ask, owners: Owners) -> None:
    assert ask("POST", PRESS, BODY, email=BOB)[0] == 503
    assert ask("POST", PRESS, {"buttonId": "camera"})[0] == 400
    assert ask("POST", PRESS, BODY, token="nonsense")[0] == 401
