"""Installing, uninstalling and remembering what runs."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.selectors import is_member
from apps_registry.errors import InstallRefused
from apps_registry.models import App, Installation
from apps_registry.rules import refuse_install
from apps_registry.signals import announce, app_uninstalled
from prepared_queries import PreparedUpdate, blank_of

_INSTALLATION = PreparedUpdate(
    lambda: Installation.objects.filter(
        user=blank_of(Installation, "user"), app__package_name=blank_of(App, "package_name")
    )
)


def install_app(*, user: User, app: App, by_operator: bool = False) -> Installation:
    """Return the user's installation of `app`, making it if needed.

    Raises InstallRefused for an app that is neither published nor of the user's organizations, or that is
    deprecated; an operator may install anything.
    """
    existing = Installation.objects.filter(user=user, app=app).first()
    if existing is not None:
        return existing
    if not by_operator:
        _check_allowed(user, app)
    installation, _ = Installation.objects.get_or_create(user=user, app=app)
    return installation


@transaction.atomic
def uninstall_app(*, user: User, app: App) -> bool:
    """Remove the installation and announce it; return False when there was none. Setting values stay."""
    deleted, _ = Installation.objects.filter(user=user, app=app).delete()
    if deleted:
        announce(app_uninstalled, sender=Installation, user=user, app=app)
    return bool(deleted)


def mark_running(user_id: int, package: str, running: bool) -> bool:
    """Remember whether the app comes back at the user's next session; return False if not installed."""
    fields = {"is_running": running, **({"last_active_at": timezone.now()} if running else {})}
    return bool(_INSTALLATION(fields, user=user_id, package_name=package))


def _check_allowed(user: User, app: App) -> None:
    reason = refuse_install(
        store_status=app.store_status,
        is_deprecated=app.is_deprecated,
        is_member=is_member(user, app.organization_id),
    )
    if reason is not None:
        raise InstallRefused(reason)
