"""Two people edit one app at once: the second is told, loses nothing and overwrites nothing."""

import pytest
from django.http import QueryDict

from accounts.acting import acting_as
from apps_registry.app_form import AppForm
from apps_registry.models import App
from apps_registry.services import update_app
from tests.support.personas import ADA, make_app, make_user

pytestmark = pytest.mark.django_db


def typed(app: App, **changes: str) -> dict[str, str]:
    """Return what a browser sends that loaded `app` now and typed `changes`."""
    form = AppForm(instance=app)
    return {name: form[name].value() or "" for name in form.fields} | {
        "settings_definitions": "[]",
        "tools": "[]",
        "is_deprecated": "",
        **changes,
    }


def late_form(app: App, **changes: str) -> AppForm:
    """Return the form of somebody who loaded `app` before Ada renamed and described it."""
    sent = QueryDict(mutable=True)
    sent.update(typed(app, **changes))
    with acting_as(make_user(ADA)):
        update_app(app=App.objects.get(pk=app.pk), name="Ada's", description="By Ada")
    return AppForm(sent, instance=App.objects.get(pk=app.pk))


def test_who_is_late_is_told_by_whom_and_what() -> None:
    form = late_form(make_app().app, name="Mine")
    assert not form.is_valid()
    [told] = form.non_field_errors()
    assert f"{ADA} changed name and description at " in told


def test_what_was_typed_stays_and_the_rest_is_the_newest() -> None:
    app = make_app().app
    form = late_form(app, name="Mine", webview_url="https://mine.example")
    assert not form.is_valid()
    assert (form["name"].value(), form["webview_url"].value()) == ("Mine", "https://mine.example")
    assert form["description"].value() == "By Ada"
    assert "changed meanwhile" in form.errors["name"][0]
    assert "description" not in form.errors
    assert form["expected_version"].value() == "2"


def test_saving_once_more_knowingly_works() -> None:
    app = make_app().app
    form = late_form(app, name="Mine")
    form.is_valid()
    again = AppForm(form.data, instance=App.objects.get(pk=app.pk))
    assert again.is_valid(), again.errors
    assert again.changes()["name"] == "Mine"
    assert "description" not in again.changes()


def test_nobody_else_nothing_to_tell() -> None:
    app = make_app().app
    assert AppForm(typed(app, name="Mine"), instance=app).is_valid()
