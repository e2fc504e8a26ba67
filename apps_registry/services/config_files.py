"""Taking over an `app_config.json`: first shown as what it would change, then saved as one version."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apps_registry.errors import ConfigRefused, RegistryError
from apps_registry.models import App
from apps_registry.rules import FieldChange, compare_configs, config_of, read_config, read_details
from apps_registry.rules.config import PACKAGE
from apps_registry.services.apps import update_app
from apps_registry.services.versions import app_config


@dataclass(frozen=True, slots=True)
class ConfigPreview:
    """What a config would do to an app: every problem, what it changes, and what is in it that is not taken over.

    `other_package` is the package name in the file when it is not the app's.
    """

    problems: tuple[RegistryError, ...]
    changes: tuple[FieldChange, ...]
    unknown: tuple[str, ...]
    other_package: str


def exported_config(app: App) -> dict[str, Any]:
    """Return the whole `app_config.json` of `app`, its package name first."""
    return {PACKAGE: app.package_name, **app_config(app)}


def preview_config(app: App, config: object) -> ConfigPreview:
    """Say what `config` would do to `app`; saves nothing."""
    details, problems, unknown = read_config(config)
    now = app_config(app)
    changes = [] if problems else compare_configs(now, {**now, **config_of(read_details(details))})
    package = config.get(PACKAGE) if isinstance(config, Mapping) else None
    other = str(package) if package not in (None, app.package_name) else ""
    return ConfigPreview(tuple(problems), tuple(changes), tuple(unknown), other)


def import_config(*, app: App, config: object, expected_version: int | None = None) -> App:
    """Make `app` what `config` says; what it does not name stays.

    Raises ConfigRefused with every problem of it, and EditConflict.
    """
    details, problems, _ = read_config(config)
    if problems:
        raise ConfigRefused(problems)
    return update_app(app=app, expected_version=expected_version, **details)
