"""What operators see and do about apps; secrets are never among what they see."""

import re
from typing import Any

import pytest
from django.test import Client

from apps_registry.models import ApiKey, App, Installation
from apps_registry.rules import hash_api_key
from apps_registry.selectors import find_valid_key, get_app_facts
from tests.support.personas import (
    ADA,
    APP_URL,
    CAPTIONS,
    NOTES,
    make_app,
    make_installation,
    make_organization,
    make_user,
)

pytestmark = pytest.mark.django_db

SECRET = re.compile(r"[0-9a-f]{64}")
NO_INLINES = {
    f"{prefix}-{count}_FORMS": "0"
    for prefix in ("permissions", "hardware_requirements", "api_keys")
    for count in ("TOTAL", "INITIAL")
}


@pytest.fixture
def operator(client: Client) -> Client:
    """A browser in which an operator is logged in."""
    client.force_login(make_user("operator@example.com", staff=True))
    return client


def page(operator: Client, path: str, **form: Any) -> str:
    """Open a page of the catalogue, or send it a form, and return the text of where that leads."""
    url = f"/admin/apps_registry/{path}"
    answer = operator.post(url, form, follow=True) if form else operator.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def app_form(app: App | None, **changes: Any) -> dict[str, Any]:
    """Return the form of an app as the admin's page would send it."""
    form = {
        "package_name": CAPTIONS,
        "name": "Captions",
        "public_url": APP_URL,
        "app_type": "standard",
        "store_status": "PUBLISHED",
        "verification_status": "NONE",
        "settings_definitions": "[]",
        "tools": "[]",
        "initial-settings_definitions": "[]",
        "initial-tools": "[]",
        "organization": str((app.organization if app else make_organization()).pk),
        "developer": str(app.developer_id) if app else "",
        **NO_INLINES,
    }
    return {**form, **changes}


@pytest.mark.parametrize("model", ["app", "apikey", "installation"])
def test_every_list_and_form_opens(operator: Client, model: str) -> None:
    make_app(installed_for=[make_user(ADA)])
    assert CAPTIONS in page(operator, f"{model}/")
    assert CAPTIONS in page(operator, f"{model}/?q=captions")
    page(operator, f"{model}/add/")


def test_no_page_shows_a_secret(operator: Client) -> None:
    made = make_app()
    key = made.app.api_keys.get()
    pages = ["app/", f"app/{made.app.pk}/change/", "apikey/", f"apikey/{key.pk}/change/"]
    text = "".join(page(operator, path) for path in pages)
    assert key.prefix in text
    assert f"{made.webhook_secret[:8]}…" in text
    for secret in (made.webhook_secret, made.api_key, hash_api_key(made.api_key)):
        assert secret not in text


def test_an_app_is_registered_with_its_permissions(operator: Client) -> None:
    inlines = {
        "permissions-TOTAL_FORMS": "1",
        "permissions-0-type": "CAMERA",
        "hardware_requirements-TOTAL_FORMS": "1",
        "hardware_requirements-0-type": "DISPLAY",
        "hardware_requirements-0-level": "REQUIRED",
    }
    page(operator, "app/add/", **app_form(None, public_url=f"{APP_URL}/", **inlines))
    facts = get_app_facts(CAPTIONS)
    assert facts.public_url == APP_URL
    assert facts.permissions == {"CAMERA"}
    assert [requirement.type for requirement in facts.hardware_requirements] == ["DISPLAY"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"package_name": "captions"}, "must look like com.example.myapp"),
        ({"public_url": f"{APP_URL}/webhook"}, "Leave /webhook off"),
        (
            {"settings_definitions": '[{"type": "toggle", "key": "on", "label": "On"}]'},
            "is missing; it must be",
        ),
        ({"tools": "[7]"}, "tools entry 1 must be an object"),
    ],
)
def test_a_mistake_is_explained_beside_its_field(
    operator: Client, change: dict[str, str], sentence: str
) -> None:
    assert sentence in page(operator, "app/add/", **app_form(None, **change))
    assert not App.objects.exists()


def test_a_taken_package_name_is_explained(operator: Client) -> None:
    app = make_app().app
    assert "already exists" in page(operator, "app/add/", **app_form(app))


def test_a_changed_app_gets_a_new_version(operator: Client) -> None:
    app = make_app().app
    page(operator, f"app/{app.pk}/change/", **app_form(app, name="Renamed", is_deprecated="on"))
    app.refresh_from_db()
    assert (app.name, app.is_deprecated, app.version) == ("Renamed", True, 2)


def test_saving_without_a_change_changes_nothing(operator: Client, ear: Any) -> None:
    app = make_app().app
    with ear.listening():
        page(operator, f"app/{app.pk}/change/", **app_form(app))
    app.refresh_from_db()
    assert app.version == 1
    assert ear.heard == []


def test_changed_permissions_are_announced(operator: Client, ear: Any) -> None:
    app = make_app(permissions=["CAMERA"]).app
    permission = app.permissions.get()
    inline = {
        "permissions-TOTAL_FORMS": "1",
        "permissions-INITIAL_FORMS": "1",
        "permissions-0-id": str(permission.pk),
        "permissions-0-app": str(app.pk),
        "permissions-0-type": "CAMERA",
        "permissions-0-DELETE": "on",
    }
    with ear.listening():
        page(operator, f"app/{app.pk}/change/", **app_form(app, **inline))
    assert get_app_facts(CAPTIONS).permissions == frozenset()
    assert ear.facts("app_permissions_changed") == [{"app": app}]


def test_a_removed_app_is_announced(operator: Client, ear: Any) -> None:
    first, second = make_app(CAPTIONS).app, make_app(NOTES).app
    with ear.listening():
        page(operator, f"app/{first.pk}/delete/", post="yes")
        page(operator, "app/", action="delete_selected", _selected_action=str(second.pk), post="yes")
    assert [facts["app"].package_name for facts in ear.facts("app_removed")] == [CAPTIONS, NOTES]


def test_a_new_key_is_shown_once(operator: Client) -> None:
    app = make_app().app
    [plain] = SECRET.findall(page(operator, "apikey/add/", app=str(app.pk), name="laptop"))
    key = find_valid_key(CAPTIONS, plain)
    assert key is not None
    assert key.name == "laptop"
    assert plain not in page(operator, "apikey/")


def test_an_app_gets_a_key_from_the_list(operator: Client) -> None:
    app = make_app().app
    text = page(operator, "app/", action="make_api_key", _selected_action=str(app.pk))
    [plain] = SECRET.findall(text)
    assert find_valid_key(CAPTIONS, plain) is not None
    assert plain not in str(operator.cookies) + str(dict(operator.session))


def test_secrets_are_shown_for_one_app_at_a_time(operator: Client) -> None:
    apps = [make_app().app, make_app(NOTES).app]
    text = page(operator, "app/", action="make_api_key", _selected_action=[str(app.pk) for app in apps])
    assert "Select one app" in text
    assert [app.api_keys.count() for app in apps] == [1, 1]


def test_a_key_too_many_is_refused_with_a_sentence(operator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    app = make_app().app
    monkeypatch.setattr("apps_registry.services.api_keys.MOST_LIVE_KEYS", 1)
    for said in (
        page(operator, "apikey/add/", app=str(app.pk), name="more"),
        page(operator, "app/", action="make_api_key", _selected_action=str(app.pk)),
    ):
        assert "Revoke one first" in said
    assert app.api_keys.count() == 1


def test_a_rotated_webhook_secret_is_shown_once(operator: Client) -> None:
    made = make_app()
    text = page(operator, "app/", action="rotate_secret", _selected_action=str(made.app.pk))
    assert SECRET.findall(text) == list(get_app_facts(CAPTIONS).webhook_secrets)
    assert made.webhook_secret not in get_app_facts(CAPTIONS).webhook_secrets


def test_selected_keys_are_revoked(operator: Client, ear: Any) -> None:
    made = make_app()
    key = made.app.api_keys.get()
    with ear.listening():
        text = page(operator, "apikey/", action="revoke", _selected_action=str(key.pk))
    assert "Keys revoked: 1." in text
    assert find_valid_key(CAPTIONS, made.api_key) is None
    assert ear.facts("api_key_revoked") == [{"key": key}]


def test_a_deleted_key_is_announced_as_revoked(operator: Client, ear: Any) -> None:
    made = make_app()
    key = made.app.api_keys.get()
    with ear.listening():
        page(operator, "apikey/", action="delete_selected", _selected_action=str(key.pk), post="yes")
    assert not ApiKey.objects.exists()
    assert len(ear.facts("api_key_revoked")) == 1


def test_an_operator_installs_and_uninstalls(operator: Client, ear: Any) -> None:
    ada, app = make_user(ADA), make_app(published=False).app
    page(operator, "installation/add/", user=str(ada.pk), app=str(app.pk))
    installation = Installation.objects.get()
    with ear.listening():
        page(
            operator,
            "installation/",
            action="delete_selected",
            _selected_action=str(installation.pk),
            post="yes",
        )
    assert ear.facts("app_uninstalled") == [{"user": ada, "app": app}]


def test_who_may_only_look_gets_no_key(client: Client) -> None:
    from django.contrib.auth.models import Permission as Right

    viewer = make_user("viewer@example.com")
    viewer.is_staff = True
    viewer.save()
    viewer.user_permissions.set(Right.objects.filter(codename__startswith="view_"))
    client.force_login(viewer)
    made = make_app()
    make_installation(viewer, made.app)
    page(client, f"app/{made.app.pk}/change/")
    page(client, "app/", action="make_api_key", _selected_action=str(made.app.pk))
    assert made.app.api_keys.count() == 1
