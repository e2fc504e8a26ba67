"""Who does something to an app, its keys or somebody's installation leaves an entry."""

import json

import pytest

from accounts.acting import acting_as
from apps_registry.rules import hash_api_key
from apps_registry.services import (
    app_record,
    create_api_key,
    install_app,
    remove_api_key,
    remove_app,
    revoke_api_key,
    rotate_webhook_secret,
    uninstall_app,
    update_app,
)
from tests.support.audit import deeds, last_deed
from tests.support.personas import ADA, DORA, NOTES, make_app, make_user

pytestmark = pytest.mark.django_db


def test_registering_is_recorded_with_everything_decided() -> None:
    app = make_app(NOTES, permissions=["CAMERA"]).app
    assert deeds()[-2:] == ["app.registered", "key.made"]
    entry = app_record(app)
    assert entry["permissions"] == {"CAMERA": ""}
    assert json.dumps(entry), "plain JSON"
    assert app.webhook_secret not in json.dumps(entry)


def test_an_update_names_only_what_changed() -> None:
    app = make_app(NOTES, permissions=["CAMERA"]).app
    with acting_as(make_user(DORA)):
        update_app(app=app, name="Better notes", permissions=["MICROPHONE"])
    entry = last_deed()
    assert (entry.action, entry.actor_label, entry.organization) == ("app.updated", DORA, app.organization)
    assert entry.before == {"name": "Notes", "permissions": {"CAMERA": ""}}
    assert entry.after == {"name": "Better notes", "permissions": {"MICROPHONE": ""}}


def test_keys_and_secrets_are_recorded_without_being_shown() -> None:
    made = make_app()
    key, plain = create_api_key(app=made.app, name="second")
    assert (last_deed().action, last_deed().after["name"]) == ("key.made", "second")
    revoke_api_key(key=key)
    revoke_api_key(key=key)
    remove_api_key(key=key)
    secret = rotate_webhook_secret(app=made.app)
    assert deeds()[-4:] == ["key.made", "key.revoked", "key.removed", "webhook_secret.rotated"]
    for entry in type(last_deed()).objects.all():
        text = json.dumps([entry.before, entry.after, entry.target_label])
        assert not any(one in text for one in (plain, hash_api_key(plain), secret))


def test_only_what_operators_install_and_remove_is_recorded() -> None:
    app, ada = make_app().app, make_user(ADA)
    before = deeds()
    install_app(user=ada, app=app)
    uninstall_app(user=ada, app=app)
    assert deeds() == before
    install_app(user=ada, app=app, by_operator=True)
    install_app(user=ada, app=app, by_operator=True)
    uninstall_app(user=ada, app=app, by_operator=True)
    assert deeds()[len(before) :] == ["installation.made", "installation.removed"]
    assert last_deed().before == {"user": ADA, "app": app.package_name}
    assert last_deed().organization is None, "who has an app is not its developers' business"


def test_a_removal_keeps_what_there_was() -> None:
    app = make_app(NOTES).app
    remove_app(app=app)
    assert (last_deed().action, last_deed().target_label) == ("app.removed", NOTES)
    assert last_deed().before["name"] == "Notes"
