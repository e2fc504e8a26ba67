"""Registering, changing and removing apps."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any, TypedDict, Unpack

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.acting import current_actor
from accounts.audit import record
from accounts.limits import take_for_actor
from accounts.models import Organization, User
from apps_registry.errors import PackageNameTaken, VersionNotFound
from apps_registry.models import App, AppVersion, HardwareRequirement, Permission
from apps_registry.rules import (
    DeclaredPermission,
    Requirement,
    name_from_package,
    read_config,
    read_details,
    validate_package_name,
)
from apps_registry.services.recording import app_record
from apps_registry.services.versions import app_config, check_version, keep_first_version, keep_version
from apps_registry.signals import announce, app_permissions_changed, app_removed


class AppDetails(TypedDict, total=False):
    """What a developer may say about an app; each value is checked by the rules."""

    name: str
    description: str
    onboarding_instructions: str
    webview_url: str
    logo_url: str
    app_type: str
    store_status: str
    settings_definitions: Iterable[Mapping[str, Any]]
    tools: Iterable[Mapping[str, Any]]
    permissions: Iterable[str | Mapping[str, Any]]
    hardware_requirements: Iterable[Mapping[str, Any]]
    developer: User | None


class AppChanges(AppDetails, total=False):
    """What may change after registration."""

    public_url: str
    organization: Organization
    is_deprecated: bool
    verification_status: str


def register_app(
    *, package_name: str, public_url: str, organization: Organization, **details: Unpack[AppDetails]
) -> App:
    """Register an app; without a name it gets one from its package name.

    Raises RegistryError for a bad value, PackageNameTaken, and TooManyRequests when one person registers too many.
    """
    take_for_actor("app")
    package = validate_package_name(package_name)
    _check_free(package)
    fields = read_details({"name": name_from_package(package), "public_url": public_url, **details})
    permissions, hardware = fields.pop("permissions", []), fields.pop("hardware_requirements", [])
    try:
        with transaction.atomic():
            app = App.objects.create(package_name=package, organization=organization, **fields)
            _replace_permissions(app, permissions)
            _replace_hardware(app, hardware)
            keep_first_version(app)
            record("app.registered", app, organization=organization, after=app_record(app))
    except IntegrityError as error:
        raise PackageNameTaken(package) from error
    return app


@transaction.atomic
def update_app(*, app: App, expected_version: int | None = None, **changes: Unpack[AppChanges]) -> App:
    """Change the named fields of `app` at once; lists replace what was declared before.

    What makes its config another one counts and keeps a version. `expected_version` is the one the change began
    with. Raises RegistryError for a bad value and EditConflict when somebody else was quicker. Announces
    app_permissions_changed when the declared permissions differ afterwards.
    """
    fields = read_details(changes)
    permissions, hardware = fields.pop("permissions", None), fields.pop("hardware_requirements", None)
    app.refresh_from_db(from_queryset=App.objects.select_for_update())
    check_version(app, expected_version)
    before, config = app_record(app), app_config(app)
    for field, value in fields.items():
        setattr(app, field, value)
    app.save()
    if hardware is not None:
        _replace_hardware(app, hardware)
    if permissions is not None and _replace_permissions(app, permissions):
        note_permissions_changed(app=app)
    keep_version(app, config)
    record("app.updated", app, organization=app.organization, before=before, after=app_record(app))
    return app


def restore_version(*, app: App, number: int, expected_version: int | None = None) -> App:
    """Make `app` again what it was at the version `number`; that is a new version.

    Raises VersionNotFound for a version that is not kept, and what update_app raises.
    """
    version = AppVersion.objects.filter(app=app, number=number).first()
    if version is None:
        raise VersionNotFound(number)
    details, _, _ = read_config(version.config)
    return update_app(app=app, expected_version=expected_version, **details)


@transaction.atomic
def remove_app(*, app: App) -> None:
    """Delete `app` with its keys, installations and settings, and announce it."""
    record("app.removed", app, organization=app.organization, before=app_record(app))
    app.delete()
    announce(app_removed, sender=App, app=app)


def note_permissions_changed(*, app: App) -> None:
    """Announce that the declared permissions of `app` are different now."""
    announce(app_permissions_changed, sender=App, app=app)


def _check_free(package: str) -> None:
    """Keep names for operators: the store's pages get core tokens, system apps reach other apps of their users."""
    actor = current_actor()
    if (
        package in (settings.STORE_PACKAGE_NAME, *settings.SYSTEM_APP_PACKAGES)
        and actor is not None
        and not actor.is_staff
    ):
        raise PackageNameTaken(package)


def _replace_permissions(app: App, wanted: list[DeclaredPermission]) -> bool:
    before = {row.type: row.description for row in app.permissions.all()}
    after = {permission.type.value: permission.description for permission in wanted}
    if before == after:
        return False
    app.permissions.all().delete()
    Permission.objects.bulk_create(
        Permission(app=app, type=kind, description=description) for kind, description in after.items()
    )
    return True


def _replace_hardware(app: App, wanted: list[Requirement]) -> None:
    app.hardware_requirements.all().delete()
    HardwareRequirement.objects.bulk_create(
        HardwareRequirement(app=app, **asdict(requirement)) for requirement in wanted
    )
