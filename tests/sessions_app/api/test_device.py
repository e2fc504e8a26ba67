"""What a phone reports of its glasses by REST."""

import pytest
from django.core.cache import cache
from django.test import Client

from sessions_app.outbound.commands import AppliedState, Reply, ReportDevice
from tests.sessions_app.api.conftest import Ask, Owners
from tests.support.personas import ADA, make_token

pytestmark = pytest.mark.django_db
PATH = "/api/client/device/state"


@pytest.fixture(autouse=True)
def uncounted() -> None:
    """Forget what limits counted before."""
    cache.clear()


def test_the_owner_is_told_and_the_state_it_knows_is_answered(owners: Owners, ask: Ask) -> None:
    capabilities = {"modelName": "Mentra Live", "hasCamera": True}
    applied = AppliedState(True, True, "Mentra Live", capabilities)
    owners.reply = Reply(ok=True, applied=applied)
    report = {"modelName": "Mentra Live", "connected": True, "batteryLevel": 72, "caseOpen": None}
    status, body = ask("POST", PATH, {**report, "signal": -3, "charging": "yes"})
    assert (status, body["success"]) == (200, True)
    assert body["appliedState"] == {
        "isGlassesConnected": True,
        "isPhoneConnected": True,
        "modelName": "Mentra Live",
        "capabilities": capabilities,
    }
    assert body["timestamp"].endswith("Z")
    assert owners.asked == [ReportDevice(report)]


@pytest.mark.parametrize("body", [[], 7, "x"])
def test_a_report_is_an_object(owners: Owners, ask: Ask, body: object) -> None:
    assert ask("POST", PATH, body)[0] == 400


def test_the_eleventh_report_within_a_second_is_refused(
    owners: Owners, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accounts.limits.time.time", lambda: 1_767_322_145.25)
    assert {ask("POST", PATH, {"batteryLevel": level})[0] for level in range(10)} == {200}
    headers = {"authorization": f"Bearer {make_token(ADA)}"}
    answer = Client().post(PATH, {"batteryLevel": 1}, "application/json", headers=headers)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")
    assert answer.json()["error"].endswith("Try again in a second.")
    assert len(owners.asked) == 10
