"""Every change of what an app is keeps a version; who comes too late is told, and nothing is overwritten."""

import json

import pytest

from accounts.acting import acting_as
from apps_registry.errors import EditConflict, VersionNotFound
from apps_registry.models import AppVersion
from apps_registry.services import app_config, register_app, restore_version, update_app
from apps_registry.services.versions import MOST_VERSIONS
from tests.support.personas import ADA, APP_URL, BOB, DORA, NOTES, make_app, make_organization, make_user

pytestmark = pytest.mark.django_db

TOGGLE = {"type": "toggle", "key": "on", "label": "On", "defaultValue": True}


def test_an_app_begins_with_a_first_version_and_no_secret_in_it() -> None:
    with acting_as(make_user(DORA)):
        app = register_app(
            package_name=NOTES, public_url=APP_URL, organization=make_organization(), permissions=["CAMERA"]
        )
    [version] = AppVersion.objects.all()
    assert (version.number, version.changed, version.who, str(version)) == (1, [], DORA, f"{NOTES} v1")
    assert version.config == app_config(app)
    assert version.config["permissions"] == [{"type": "CAMERA"}]
    assert app.webhook_secret not in json.dumps(version.config)


def test_each_change_is_kept_with_who_and_what() -> None:
    app = make_app().app
    with acting_as(make_user(ADA)):
        update_app(app=app, name="Mine", permissions=["CAMERA"], settings_definitions=[TOGGLE])
    newest = AppVersion.objects.filter(app=app)[0]
    assert (newest.number, newest.who) == (2, ADA)
    assert newest.changed == ["name", "permissions", "settings"]
    assert newest.config["settings"] == [TOGGLE]


def test_what_leaves_the_config_as_it_is_makes_no_version() -> None:
    app = make_app().app
    update_app(app=app, name=app.name)
    update_app(app=app, store_status="REJECTED", is_deprecated=True)
    assert (app.version, AppVersion.objects.count()) == (1, 1)


def test_an_app_older_than_its_history_gets_what_it_was() -> None:
    app = make_app().app
    AppVersion.objects.all().delete()
    update_app(app=app, name="New")
    assert [version.config["name"] for version in AppVersion.objects.all()] == ["New", "Captions"]


def test_who_comes_too_late_is_told_who_was_quicker_and_overwrites_nothing() -> None:
    app = make_app().app
    for email, changes in ((ADA, {"name": "Ada's"}), (BOB, {"description": "Bob's", "tools": []})):
        with acting_as(make_user(email)):
            update_app(app=app, **changes)
    with pytest.raises(EditConflict) as told:
        update_app(app=app, expected_version=1, name="Late")
    assert [(edit.who, edit.fields, edit.number) for edit in told.value.edits] == [
        (ADA, "name", 2),
        (BOB, "description", 3),
    ]
    assert told.value.number == 3
    assert "nothing was saved" in told.value.message
    assert f"{ADA} changed name at " in told.value.message
    app.refresh_from_db()
    assert app.name == "Ada's"


def test_who_saw_the_newest_may_save() -> None:
    app = make_app().app
    update_app(app=app, expected_version=1, name="Second")
    assert update_app(app=app, expected_version=2, name="Third").version == 3


def test_an_old_version_comes_back_as_a_new_one() -> None:
    app = make_app(permissions=["CAMERA"]).app
    began = app_config(app)
    update_app(app=app, name="New", permissions=[], public_url="https://new.example")
    restore_version(app=app, number=1)
    assert (app_config(app), app.version) == (began, 3)
    with pytest.raises(EditConflict):
        restore_version(app=app, number=2, expected_version=2)


def test_a_version_that_is_not_there_cannot_come_back() -> None:
    with pytest.raises(VersionNotFound, match="Version 9 is not kept"):
        restore_version(app=make_app().app, number=9)


def test_the_oldest_versions_are_forgotten() -> None:
    app = make_app().app
    AppVersion.objects.bulk_create(
        AppVersion(app=app, number=number, config={}) for number in range(2, MOST_VERSIONS + 1)
    )
    app.version = MOST_VERSIONS
    app.save()
    update_app(app=app, name="One more")
    numbers = AppVersion.objects.filter(app=app).values_list("number", flat=True)
    assert (len(numbers), min(numbers)) == (MOST_VERSIONS, 2)
