"""People and apps for tests, made by the real services. Every builder takes only what a test cares about."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from accounts.models import Organization, User
from accounts.services import create_organization, ensure_default_organization, get_or_create_user
from accounts.tokens import issue_core_token
from apps_registry.models import App, Installation
from apps_registry.rules import AppType, StoreStatus
from apps_registry.selectors import AppFacts, get_app_facts
from apps_registry.services import create_api_key, install_app, register_app, update_app

ADA = "ada@example.com"  # wears glasses
BOB = "bob@example.com"  # a stranger to Ada and Dora
DORA = "dora@dev.example"  # develops apps

CAPTIONS = "com.example.captions"
NOTES = "com.example.notes"
APP_URL = "http://127.0.0.1:7010"


@dataclass(frozen=True)
class RegisteredApp:
    """An app with the secrets its server would know."""

    app: App
    api_key: str
    webhook_secret: str

    @property
    def package_name(self) -> str:
        return self.app.package_name

    @property
    def facts(self) -> AppFacts:
        """Read the app as a session would."""
        return get_app_facts(self.app.package_name)


def make_user(email: str = ADA, *, settings: Mapping[str, Any] | None = None, staff: bool = False) -> User:
    """Return the user with this address, made if needed; staff may do everything in the admin."""
    user = get_or_create_user(email=email)
    user.settings = dict(settings or {})
    user.is_staff = user.is_superuser = staff
    user.save()
    return user


def make_token(email: str = ADA, *, days: int = 60) -> str:
    """Return a core token of this user."""
    return issue_core_token(make_user(email), days=days)


def make_organization(name: str = "Example", *, owner: User | None = None) -> Organization:
    """Return a fresh organization, owned by Dora unless told otherwise."""
    return create_organization(name=name, owner=owner or make_user(DORA))


def make_app(
    package_name: str = CAPTIONS,
    *,
    url: str = APP_URL,
    app_type: str = AppType.STANDARD,
    permissions: Iterable[str] = (),
    settings: Iterable[Mapping[str, Any]] = (),
    hardware: Iterable[Mapping[str, Any]] = (),
    owner: User | None = None,
    published: bool = True,
    installed_for: Iterable[User] = (),
) -> RegisteredApp:
    """Register an app of Dora's with a key, and install it for the given users."""
    developer = owner or make_user(DORA)
    app = register_app(
        package_name=package_name,
        public_url=url,
        organization=ensure_default_organization(user=developer),
        developer=developer,
        app_type=app_type,
        permissions=list(permissions),
        settings_definitions=list(settings),
        hardware_requirements=list(hardware),
        store_status=StoreStatus.PUBLISHED if published else StoreStatus.DEVELOPMENT,
    )
    _, plain_key = create_api_key(app=app, name="tests")
    for user in installed_for:
        make_installation(user, app)
    return RegisteredApp(app, plain_key, app.webhook_secret)


def make_reviewable(package_name: str = CAPTIONS, *, owner: User | None = None) -> App:
    """Register an unpublished app that has all a review asks for."""
    app = make_app(package_name, owner=owner, published=False).app
    return update_app(
        app=app, description="Shows on the display what is said.", logo_url="https://app.example/logo.png"
    )


def make_installation(user: User, app: App, *, running: bool = False) -> Installation:
    """Install `app` for `user`; a running one comes back at the user's next session."""
    installation = install_app(user=user, app=app, by_operator=True)
    installation.is_running = running
    installation.save(update_fields=["is_running"])
    return installation
