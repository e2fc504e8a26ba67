"""Reads of the catalogue and what they cost."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from apps_registry import selectors
from apps_registry.errors import AppNotFound
from apps_registry.models import App
from apps_registry.rules import HardwareLevel, HardwareType, Requirement, new_api_key
from apps_registry.selectors import (
    AppAddress,
    find_address,
    find_app,
    find_valid_key,
    get_app,
    get_app_facts,
    is_installed,
    list_running_packages,
    setting_values,
)
from apps_registry.services import create_api_key, mark_running, revoke_api_key, save_settings, update_app
from tests.support.personas import ADA, APP_URL, BOB, CAPTIONS, NOTES, make_app, make_installation, make_user

pytestmark = pytest.mark.django_db

ODD_NAMES = ["", "nope", "com.example.gone", "a\x00.b", "\ud800.b", "a." + "b" * 5000]
SLIDER = {"type": "slider", "key": "size", "label": "Size", "min": 8, "max": 20}
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


class StoppedClock:
    """Stands in for django.utils.timezone in the selectors."""

    def __init__(self) -> None:
        self.time = NOW

    def now(self) -> datetime:
        return self.time


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> StoppedClock:
    """Time that only moves when the test moves it."""
    stopped = StoppedClock()
    monkeypatch.setattr(selectors, "timezone", stopped)
    return stopped


def test_an_app_is_found_by_its_name() -> None:
    app = make_app().app
    assert find_app(CAPTIONS) == get_app(CAPTIONS) == app


@pytest.mark.parametrize("name", ODD_NAMES)
def test_any_other_name_finds_nothing(name: str) -> None:
    make_app()
    assert find_app(name) is None
    assert not is_installed(1, name)
    assert find_valid_key(name, new_api_key()) is None
    with pytest.raises(AppNotFound):
        get_app_facts(name)


def test_facts_hold_everything_in_three_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    made = make_app(
        permissions=["MICROPHONE", "NOTIFICATIONS"],
        settings=[SLIDER],
        hardware=[{"type": "DISPLAY", "level": "REQUIRED", "description": "to show"}],
    )
    with django_assert_num_queries(3):
        facts = get_app_facts(CAPTIONS)
    assert (facts.app_id, facts.package_name, facts.name) == (made.app.pk, CAPTIONS, "Captions")
    assert (facts.public_url, facts.app_type, facts.store_status) == (APP_URL, "standard", "PUBLISHED")
    assert facts.organization_id == made.app.organization_id
    assert not facts.is_deprecated
    assert facts.permissions == {"MICROPHONE", "NOTIFICATIONS", "READ_NOTIFICATIONS"}
    assert facts.hardware_requirements == (
        Requirement(HardwareType.DISPLAY, HardwareLevel.REQUIRED, "to show"),
    )
    assert facts.settings_definitions == [{**SLIDER, "defaultValue": 8}]
    assert facts.config == {
        "name": "Captions",
        "description": "",
        "version": "1",
        "settings": facts.settings_definitions,
    }
    assert facts.webhook_secrets == (made.webhook_secret,)


@pytest.mark.parametrize("broken", [[{"type": "dial"}], [7], "x"])
def test_definitions_an_sdk_would_refuse_make_no_config(broken: Any) -> None:
    make_app()
    App.objects.update(settings_definitions=broken)
    assert get_app_facts(CAPTIONS).config is None


def test_a_live_key_is_valid_in_two_queries_and_one_soon_after(
    clock: StoppedClock, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    made = make_app()
    with django_assert_num_queries(2):
        key = find_valid_key(CAPTIONS, made.api_key)
    assert key is not None
    assert key.app_id == made.app.pk
    clock.time += timedelta(seconds=59)
    with django_assert_num_queries(1):
        assert find_valid_key(CAPTIONS, made.api_key) == key


def test_the_last_use_of_a_key_is_known_to_the_minute(clock: StoppedClock) -> None:
    made = make_app()
    for seconds, noted in [(0, 0), (30, 0), (61, 61), (100, 61), (121, 121)]:
        clock.time = NOW + timedelta(seconds=seconds)
        find_valid_key(CAPTIONS, made.api_key)
        assert made.app.api_keys.get().last_used_at == NOW + timedelta(seconds=noted)


def test_a_refused_key_is_not_noted_as_used() -> None:
    made = make_app()
    assert find_valid_key(CAPTIONS, made.api_key[:8] + "0" * 56) is None
    assert made.app.api_keys.get().last_used_at is None


def test_every_live_key_of_an_app_is_valid_and_a_revoked_one_is_not() -> None:
    made = make_app()
    second, plain = create_api_key(app=made.app, name="second")
    assert find_valid_key(CAPTIONS, plain) == second
    revoke_api_key(key=second)
    assert find_valid_key(CAPTIONS, plain) is None
    assert find_valid_key(CAPTIONS, made.api_key) is not None


def test_a_key_opens_its_own_app_only() -> None:
    captions, notes = make_app(CAPTIONS), make_app(NOTES)
    assert find_valid_key(NOTES, captions.api_key) is None
    assert find_valid_key(NOTES, notes.api_key) is not None


@pytest.mark.parametrize("plain", ["", "x", "\x00" * 64, "\ud800" * 64, "a" * 100_000])
def test_what_is_no_key_needs_no_query(plain: str, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        assert find_valid_key(CAPTIONS, plain) is None


def test_an_address_says_where_to_call_and_why_not(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    ada = make_user(ADA)
    made = make_app(installed_for=[ada])
    with django_assert_num_queries(2):
        assert find_address(ada.pk, CAPTIONS) == AppAddress(APP_URL, (made.webhook_secret,), "")
    assert find_address(ada.pk, "com.example.gone") is None
    bobs = find_address(make_user(BOB).pk, CAPTIONS)
    assert bobs is not None
    assert bobs.refusal == "the app is not installed any more"
    update_app(app=made.app, is_deprecated=True, public_url="https://moved.example.com")
    moved = find_address(ada.pk, CAPTIONS)
    assert moved == AppAddress(
        "https://moved.example.com", (made.webhook_secret,), "the app is no longer available"
    )


def test_installed_is_per_user() -> None:
    ada, bob = make_user(ADA), make_user(BOB)
    make_app(installed_for=[ada])
    assert is_installed(ada.pk, CAPTIONS)
    assert not is_installed(bob.pk, CAPTIONS)


def test_running_packages_come_in_the_order_of_installation(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    ada, bob = make_user(ADA), make_user(BOB)
    for package in (NOTES, CAPTIONS, "com.example.third"):
        make_installation(ada, make_app(package).app, running=True)
    mark_running(ada.pk, "com.example.third", False)
    with django_assert_num_queries(1):
        assert list_running_packages(ada) == [NOTES, CAPTIONS]
    assert list_running_packages(ada.pk) == [NOTES, CAPTIONS]
    assert list_running_packages(bob) == []


def test_setting_values_are_per_user_and_app(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    ada, bob, app = make_user(ADA), make_user(BOB), make_app().app
    save_settings(user=ada, app=app, changes={"key": "size", "value": 14})
    with django_assert_num_queries(1):
        assert setting_values(ada, CAPTIONS) == [{"key": "size", "value": 14}]
    assert setting_values(ada.pk, CAPTIONS) == [{"key": "size", "value": 14}]
    assert setting_values(bob, CAPTIONS) == setting_values(ada, NOTES) == []
