"""Registering, changing and removing apps."""

from typing import Any

import pytest
from django.db.models import ProtectedError

from apps_registry.errors import PackageNameTaken, RegistryError
from apps_registry.models import ApiKey, App, Installation
from apps_registry.selectors import get_app_facts
from apps_registry.services import register_app, remove_app, update_app
from tests.support.personas import ADA, APP_URL, CAPTIONS, make_app, make_organization, make_user

pytestmark = pytest.mark.django_db

TOGGLE = {"type": "toggle", "key": "on", "label": "On", "defaultValue": True}


def test_a_minimal_app_gets_sensible_defaults() -> None:
    organization = make_organization()
    app = register_app(package_name=CAPTIONS, public_url=f"{APP_URL}/", organization=organization)
    app.refresh_from_db()
    assert (app.name, app.public_url, app.organization) == ("Captions", APP_URL, organization)
    assert (app.app_type, app.store_status, app.verification_status) == ("background", "DEVELOPMENT", "NONE")
    assert (app.settings_definitions, app.tools, app.version) == ([], [], 1)
    assert not app.permissions.exists()
    assert len(app.webhook_secret) == 64
    assert str(app) == CAPTIONS


def test_everything_a_developer_says_is_stored() -> None:
    app = register_app(
        package_name=CAPTIONS,
        public_url=APP_URL,
        organization=make_organization(),
        developer=make_user(ADA),
        name=" Live Captions ",
        description="Shows what is said.",
        webview_url="https://app.example/web",
        logo_url="https://app.example/logo.png",
        app_type="standard",
        store_status="PUBLISHED",
        settings_definitions=[TOGGLE],
        tools=[{"id": "find", "description": "Find"}],
        permissions=["MICROPHONE", {"type": "CAMERA", "description": "to see"}],
        hardware_requirements=[{"type": "DISPLAY", "level": "REQUIRED"}],
    )
    app.refresh_from_db()
    assert (app.name, app.app_type, app.store_status) == ("Live Captions", "standard", "PUBLISHED")
    assert app.developer == make_user(ADA)
    assert app.settings_definitions == [TOGGLE]
    assert app.tools == [{"id": "find", "description": "Find"}]
    assert list(app.permissions.values_list("type", "description")) == [
        ("MICROPHONE", ""),
        ("CAMERA", "to see"),
    ]
    assert [str(row) for row in app.hardware_requirements.all()] == ["DISPLAY (REQUIRED)"]
    assert str(app.permissions.first()) == "MICROPHONE"


def test_a_package_name_is_taken_once() -> None:
    make_app(CAPTIONS)
    with pytest.raises(PackageNameTaken, match="taken"):
        register_app(package_name=CAPTIONS, public_url=APP_URL, organization=make_organization())


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"package_name": "captions"}, "package_name"),
        ({"public_url": "x"}, "public_url"),
        ({"name": ""}, "name"),
        ({"logo_url": "x"}, "logo_url"),
        ({"app_type": "game"}, "app_type"),
        ({"store_status": "LIVE"}, "store_status"),
        ({"settings_definitions": [{}]}, "settings"),
        ({"tools": [{}]}, "tools"),
        ({"permissions": ["X"]}, "permissions"),
        ({"hardware_requirements": [{}]}, "hardware_requirements"),
    ],
)
def test_a_bad_value_registers_nothing(details: dict[str, Any], field: str) -> None:
    good: dict[str, Any] = {"package_name": CAPTIONS, "public_url": APP_URL}
    with pytest.raises(RegistryError) as refused:
        register_app(organization=make_organization(), **{**good, **details})
    assert refused.value.field == field
    assert not App.objects.exists()


def test_a_change_touches_what_is_named_and_raises_the_version(ear: Any) -> None:
    app = make_app(permissions=["CAMERA"], settings=[TOGGLE]).app
    with ear.listening():
        update_app(app=app, name="New", is_deprecated=True, verification_status="VERIFIED")
    app.refresh_from_db()
    assert (app.name, app.is_deprecated, app.verification_status, app.version) == ("New", True, "VERIFIED", 2)
    assert app.settings_definitions == [TOGGLE]
    facts = get_app_facts(CAPTIONS)
    assert facts.permissions == {"CAMERA"}
    assert facts.config is not None
    assert facts.config["version"] == "2"
    assert ear.heard == []


def test_a_change_by_another_request_is_not_undone() -> None:
    stale = make_app().app
    update_app(app=App.objects.get(pk=stale.pk), name="Theirs")
    update_app(app=stale, description="Mine")
    stale.refresh_from_db()
    assert (stale.name, stale.description, stale.version) == ("Theirs", "Mine", 3)


def test_new_permissions_replace_the_old_and_are_announced(ear: Any) -> None:
    app = make_app(permissions=["CAMERA", "LOCATION"]).app
    with ear.listening():
        update_app(app=app, permissions=["LOCATION", "MICROPHONE"])
    assert get_app_facts(CAPTIONS).permissions == {"LOCATION", "MICROPHONE"}
    assert ear.heard == [("app_permissions_changed", {"app": app})]


def test_the_same_permissions_are_not_announced(ear: Any) -> None:
    app = make_app(permissions=["CAMERA"]).app
    with ear.listening():
        update_app(app=app, permissions=["CAMERA"])
    assert ear.heard == []


def test_new_hardware_replaces_the_old() -> None:
    app = make_app(hardware=[{"type": "CAMERA", "level": "REQUIRED"}]).app
    update_app(app=app, hardware_requirements=[{"type": "WIFI", "level": "OPTIONAL"}])
    assert [requirement.type for requirement in get_app_facts(CAPTIONS).hardware_requirements] == ["WIFI"]


def test_a_bad_change_changes_nothing() -> None:
    app = make_app(permissions=["CAMERA"]).app
    with pytest.raises(RegistryError):
        update_app(app=app, permissions=[], name="")
    assert get_app_facts(CAPTIONS).permissions == {"CAMERA"}


def test_an_app_moves_to_another_organization() -> None:
    app = make_app().app
    other = make_organization("Other", owner=make_user(ADA))
    assert update_app(app=app, organization=other).organization == other


def test_a_removed_app_takes_everything_with_it_and_keeps_its_name(ear: Any) -> None:
    app = make_app(installed_for=[make_user(ADA)]).app
    with ear.listening():
        remove_app(app=app)
    assert not App.objects.exists()
    assert not Installation.objects.exists()
    assert not ApiKey.objects.exists()
    [facts] = ear.facts("app_removed")
    assert facts["app"].package_name == CAPTIONS


def test_an_organization_with_apps_cannot_be_deleted() -> None:
    app = make_app().app
    with pytest.raises(ProtectedError):
        app.organization.delete()
