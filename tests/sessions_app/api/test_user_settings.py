"""Settings of the system, which a person's phones keep in the cloud (rest §2)."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from accounts import limits
from accounts.limits import Limit
from accounts.models import User
from accounts.signals import user_settings_changed
from tests.sessions_app.api.conftest import Ask
from tests.support.personas import BOB, make_token

pytestmark = pytest.mark.django_db

PATH = "/api/client/user/settings"
Phone = Callable[..., tuple[int, Any]]


@pytest.fixture
def phone(ask: Ask) -> Phone:
    """Send requests with one token of Ada's."""
    return partial(ask, token=make_token())


def stored(phone: Phone) -> Any:
    code, said = phone("GET", PATH)
    assert (code, said["success"], "timestamp" in said) == (200, True, True)
    return said["data"]["settings"]


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_settings_are_merged_under_one_spelling(phone: Phone, method: str) -> None:
    assert stored(phone) == {}
    code, said = phone(method, PATH, {"settings": {"brightness": 50, "bypassVad": True}})
    assert (code, said["data"]) == (200, {"settings": {"brightness": 50, "bypass_vad": True}})
    phone(method, PATH, {"settings": {"brightness": None, "default_wearable": "Mentra Live"}})
    assert stored(phone) == {"bypass_vad": True, "default_wearable": "Mentra Live"}


@pytest.mark.parametrize("body", [None, [], {}, {"settings": 7}, {"settings": None}, {"settings": []}])
def test_what_holds_no_settings_is_refused(phone: Phone, body: Any) -> None:
    assert phone("PUT", PATH, body) == (400, {"error": "Settings object required"})


@pytest.mark.parametrize("value", ["x" * 70_000, "a\x00b", "\ud800"])
def test_what_cannot_be_kept_is_refused(phone: Phone, value: str) -> None:
    code, said = phone("PUT", PATH, {"settings": {"k": value}})
    assert (code, sorted(said)) == (400, ["error"])
    assert phone("PUT", f"{PATH}/key/k", {"value": value})[0] == 400
    assert stored(phone) == {}


def test_one_setting_is_stored_read_and_forgotten(phone: Phone) -> None:
    path = f"{PATH}/key/brightness"
    assert phone("GET", path)[1]["data"] == {"key": "brightness", "value": None, "exists": False}
    assert phone("PUT", path, {"value": 60})[1]["data"] == {"key": "brightness", "value": 60}
    assert phone("GET", path)[1]["data"] == {"key": "brightness", "value": 60, "exists": True}
    for _ in range(2):
        assert phone("DELETE", path)[1]["data"] == {"key": "brightness", "deleted": True}
    assert stored(phone) == {}


def test_a_key_is_found_in_either_spelling(phone: Phone) -> None:
    phone("PUT", f"{PATH}/key/bypassVad", {"value": True})
    for key in ("bypassVad", "bypass_vad"):
        assert phone("GET", f"{PATH}/key/{key}")[1]["data"] == {"key": key, "value": True, "exists": True}


def test_a_value_has_to_be_named_and_a_name_is_bearable(phone: Phone) -> None:
    assert phone("PUT", f"{PATH}/key/brightness", {})[0] == 400
    assert phone("PUT", f"{PATH}/key/{'k' * 201}", {"value": 1})[0] == 400


def test_only_what_changed_is_announced(
    phone: Phone, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    heard: list[dict[str, Any]] = []

    def hear(changes: dict[str, Any], **_: Any) -> None:
        heard.append(changes)

    user_settings_changed.connect(hear)
    try:
        for _ in range(2):
            with django_capture_on_commit_callbacks(execute=True):
                phone("PUT", PATH, {"settings": {"metric_system_enabled": True}})
    finally:
        user_settings_changed.disconnect(hear)
    assert heard == [{"metricSystemEnabled": True}]


def test_settings_are_nobody_elses(phone: Phone, ask: Ask) -> None:
    phone("PUT", PATH, {"settings": {"brightness": 50}})
    assert ask("GET", PATH, email=BOB)[1]["data"] == {"settings": {}}
    assert ask("GET", PATH, token="nonsense")[0] == 401
    assert User.objects.get(email=BOB).settings == {}


def test_who_changes_too_often_is_told_when_to_come_back(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.LIMITS, "user_settings", Limit(1, 60, "changed settings"))
    path = f"{PATH}/key/brightness"
    assert [phone("PUT", path, {"value": value})[0] for value in (1, 2)] == [200, 429]
