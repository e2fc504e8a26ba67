"""Reads of the catalogue. Changes nothing but a key's last-used time; knows nothing of sessions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Organization, User
from accounts.rules import Right
from accounts.selectors import organizations_of
from apps_registry.errors import AppNotFound
from apps_registry.models import (
    ApiKey,
    App,
    AppSettingValues,
    AppTester,
    HardwareRequirement,
    Installation,
    Permission,
)
from apps_registry.rules import (
    HardwareLevel,
    HardwareType,
    Requirement,
    StoreStatus,
    build_config,
    first_free,
    granted,
    is_api_key,
    is_package_name,
    is_same_key,
    key_prefix,
    merge_settings,
    suggest_package_name,
)
from prepared_queries import PreparedExists, PreparedRows, blank_of

MOST_NAMESAKES = 1000
MOST_PAST_KEYS = 30
LAST_USED_PRECISION = timedelta(minutes=1)

# What every start and every handshake of an app asks.
_APP = PreparedRows(lambda: App.objects.filter(package_name=blank_of(App, "package_name")))
_PERMISSIONS: PreparedRows[Any] = PreparedRows(
    lambda: Permission.objects.filter(app=blank_of(Permission, "app")).values_list("type", flat=True)
)
_REQUIREMENTS = PreparedRows(
    lambda: HardwareRequirement.objects.filter(app=blank_of(HardwareRequirement, "app"))
)
_LIVE_KEYS = PreparedRows(
    lambda: ApiKey.objects.filter(
        app__package_name=blank_of(App, "package_name"), prefix=blank_of(ApiKey, "prefix"), revoked_at=None
    )
)
_INSTALLATION = PreparedExists(
    lambda: Installation.objects.filter(
        user=blank_of(Installation, "user"), app__package_name=blank_of(App, "package_name")
    )
)
_RUNNING: PreparedRows[Any] = PreparedRows(
    lambda: Installation.objects.filter(user=blank_of(Installation, "user"), is_running=True).values_list(
        "app__package_name", flat=True
    )
)
_SETTING_VALUES: PreparedRows[Any] = PreparedRows(
    lambda: AppSettingValues.objects.filter(
        user=blank_of(AppSettingValues, "user"), app__package_name=blank_of(App, "package_name")
    ).values_list("values", flat=True)
)


def apps_of(user: User, right: Right = Right.VIEW) -> QuerySet[App]:
    """Return the apps of the organizations in which the role of `user` gives them `right`."""
    return App.objects.filter(organization__in=organizations_of(user, right))


def apps_offered_to(user: User) -> QuerySet[App]:
    """Return the apps `user` has or could install: their own organizations', those they test, the published ones."""
    own = Q(organization__in=organizations_of(user)) | Q(
        pk__in=AppTester.objects.filter(user=user).values("app")
    )
    offered = own | Q(store_status=StoreStatus.PUBLISHED)
    current = Q(is_deprecated=False) & offered
    return App.objects.filter(current | Q(pk__in=user.installations.values("app"))).order_by("name")


def find_free_package_name(wanted: str) -> str:
    """Return `wanted`, or with a number behind it the first name that no app has, in one query."""
    taken = App.objects.filter(package_name__startswith=wanted).values_list("package_name", flat=True)
    return first_free(wanted, set(taken[:MOST_NAMESAKES]))


def suggest_free_package_name(user: User, name: str, organization: Organization | None) -> str:
    """Return a package name that no app has, for an app of this name that `user` makes for an organization, if any."""
    slug = organization.slug if organization is not None else ""
    return find_free_package_name(suggest_package_name(name=name, email=user.email, organization=slug))


@dataclass(frozen=True, slots=True)
class AppFacts:
    """Everything a session needs to know of an app, so that it never asks again.

    `permissions` is what the declared ones unlock (rules.granted); `config` is the object of the app's ack
    (app-socket §3.3) or None when an SDK would refuse it.
    """

    app_id: int
    package_name: str
    name: str
    public_url: str
    app_type: str
    store_status: str
    organization_id: int
    is_deprecated: bool
    permissions: frozenset[str]
    hardware_requirements: tuple[Requirement, ...]
    settings_definitions: list[dict[str, Any]]
    config: dict[str, Any] | None
    webhook_secrets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AppAddress:
    """Where an app's server is now and what signs calls to it, newest first.

    `refusal` says why a user's app must not be started.
    """

    public_url: str
    webhook_secrets: tuple[str, ...]
    refusal: str


def find_app(package_name: str) -> App | None:
    """Return the app with this package name; a peer may send any text, so impossible names need no query."""
    if not is_package_name(package_name):
        return None
    return _APP.first(package_name=package_name)


def get_app(package_name: str) -> App:
    """Return the app with this package name; raise AppNotFound."""
    app = find_app(package_name)
    if app is None:
        raise AppNotFound(package_name)
    return app


def get_app_facts(package_name: str) -> AppFacts:
    """Return the facts a session needs, in three queries; raise AppNotFound."""
    app = get_app(package_name)
    return AppFacts(
        app_id=app.pk,
        package_name=app.package_name,
        name=app.name,
        public_url=app.public_url,
        app_type=app.app_type,
        store_status=app.store_status,
        organization_id=app.organization_id,
        is_deprecated=app.is_deprecated,
        permissions=granted(_PERMISSIONS.all(app=app.pk)),
        hardware_requirements=list_requirements(app),
        settings_definitions=app.settings_definitions,
        config=build_config(app.name, app.description, str(app.version), app.settings_definitions),
        webhook_secrets=app.webhook_secrets,
    )


def list_requirements(app: App) -> tuple[Requirement, ...]:
    """Return what glasses need to have for `app`, as the rules read it."""
    return tuple(
        Requirement(HardwareType(row.type), HardwareLevel(row.level), row.description)
        for row in _REQUIREMENTS.all(app=app.pk)
    )


def find_valid_key(package_name: str, plain_key: str) -> ApiKey | None:
    """Return the key if it is a live one of that app, comparing in constant time.

    Notes the use, at most once a minute: a busy app must not turn into a stream of writes.
    """
    if not is_package_name(package_name) or not is_api_key(plain_key):
        return None
    candidates = _LIVE_KEYS.all(package_name=package_name, prefix=key_prefix(plain_key))
    key = next((key for key in candidates if key.state.works and is_same_key(plain_key, key.digest)), None)
    if key is not None:
        _note_use(key, timezone.now())
    return key


def working_keys() -> QuerySet[ApiKey]:
    """Return the keys that let an app in now."""
    return ApiKey.objects.filter(Q(expires_at=None) | Q(expires_at__gt=timezone.now()), revoked_at=None)


def list_keys(app: App) -> tuple[list[ApiKey], list[ApiKey]]:
    """Return the keys of `app` that work now and the latest of those that work no more, newest first."""
    working = list(working_keys().filter(app=app).select_related("created_by"))
    over = ApiKey.objects.filter(app=app).exclude(pk__in=[key.pk for key in working])
    return working, list(over.select_related("created_by")[:MOST_PAST_KEYS])


def list_refused_keys(key_ids: Iterable[int]) -> set[int]:
    """Return those of the ids whose keys let nobody in any more: expired, revoked or removed."""
    asked = set(key_ids)
    return asked - set(working_keys().filter(pk__in=asked).values_list("pk", flat=True))


def is_installed(user_id: int, package: str) -> bool:
    """Say whether the user has the app installed."""
    return is_package_name(package) and _INSTALLATION(user=user_id, package_name=package)


def find_address(user_id: int, package: str) -> AppAddress | None:
    """Return where to call an app for a user, in two queries; None when there is no such app."""
    app = find_app(package)
    if app is None:
        return None
    refusal = ""
    if app.is_deprecated:
        refusal = "the app is no longer available"
    elif not is_installed(user_id, package):
        refusal = "the app is not installed any more"
    return AppAddress(app.public_url, app.webhook_secrets, refusal)


def list_running_packages(user: User | int) -> list[str]:
    """Return the package names that come back at the user's next session, longest installed first."""
    return _RUNNING.all(user=_key_of(user))


def setting_values(user: User | int, package: str) -> list[dict[str, Any]]:
    """Return the values the user chose, as `[{"key", "value"}]`: input of rules.merge_settings."""
    return _SETTING_VALUES.first(user=_key_of(user), package_name=package) or []


def merged_settings(user: User | int, package: str) -> list[dict[str, Any]]:
    """Return the settings of an app for a user, as rules.merge_settings does, in two queries; raise AppNotFound."""
    return merge_settings(get_app(package).settings_definitions, setting_values(user, package))


def _key_of(user: User | int) -> int:
    return user if isinstance(user, int) else user.pk


def _note_use(key: ApiKey, now: datetime) -> None:
    before = now - LAST_USED_PRECISION
    if key.last_used_at is not None and key.last_used_at > before:
        return
    stale = Q(last_used_at=None) | Q(last_used_at__lte=before)
    ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)
    key.last_used_at = now
