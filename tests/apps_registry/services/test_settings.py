"""Saving what a user chose."""

from typing import Any

import pytest

from apps_registry.errors import RegistryError, SettingRefused
from apps_registry.models import AppSettingValues
from apps_registry.selectors import setting_values
from apps_registry.services import save_settings
from tests.support.personas import ADA, CAPTIONS, make_app, make_user

pytestmark = pytest.mark.django_db

SLIDER = {"type": "slider", "key": "size", "label": "Size", "min": 8, "max": 20, "defaultValue": 12}
TEXT = {"type": "text", "key": "nick", "label": "Nickname"}


def test_values_are_stored_merged_and_announced(ear: Any) -> None:
    ada, app = make_user(ADA), make_app(settings=[SLIDER, TEXT]).app
    with ear.listening():
        merged = save_settings(user=ada, app=app, changes=[{"key": "size", "value": 14}])
    assert merged == [{**SLIDER, "value": 14}, TEXT]
    assert ear.heard == [("app_settings_changed", {"user": ada, "app": app})]
    assert setting_values(ada, CAPTIONS) == [{"key": "size", "value": 14}]


def test_one_object_is_enough_and_other_settings_stay() -> None:
    ada, app = make_user(ADA), make_app(settings=[SLIDER, TEXT]).app
    save_settings(user=ada, app=app, changes=[{"key": "size", "value": 14}, {"key": "old", "value": 1}])
    merged = save_settings(user=ada, app=app, changes={"key": "nick", "value": "Ada"})
    assert [(entry["key"], entry["value"]) for entry in merged] == [("size", 14), ("nick", "Ada"), ("old", 1)]
    assert str(AppSettingValues.objects.get()) == f"Settings of {CAPTIONS} for {ADA}"


def test_what_cannot_be_stored_is_refused_and_not_announced(ear: Any) -> None:
    ada, app = make_user(ADA), make_app().app
    with ear.listening(), pytest.raises(RegistryError):
        save_settings(user=ada, app=app, changes=[{"key": "size", "value": float("nan")}])
    assert ear.heard == []
    assert not AppSettingValues.objects.exists()


def test_a_value_that_does_not_fit_leaves_everything_as_it_was() -> None:
    ada, app = make_user(ADA), make_app(settings=[SLIDER, TEXT]).app
    with pytest.raises(SettingRefused):
        save_settings(
            user=ada, app=app, changes=[{"key": "nick", "value": "Ada"}, {"key": "size", "value": 99}]
        )
    assert not AppSettingValues.objects.exists()
