"""Installing, uninstalling and remembering what runs."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from accounts.selectors import is_member
from apps_registry.errors import InstallRefused
from apps_registry.models import App, AppTester, Installation
from apps_registry.rules import FAILED_DAYS_TO_RETIREMENT, refuse_install
from apps_registry.signals import announce, app_uninstalled
from prepared_queries import PreparedUpdate, blank_of

_INSTALLATION = PreparedUpdate(
    lambda: Installation.objects.filter(
        user=blank_of(Installation, "user"), app__package_name=blank_of(App, "package_name")
    )
)


@transaction.atomic
def install_app(*, user: User, app: App, by_operator: bool = False) -> Installation:
    """Return the user's installation of `app`, making it if needed.

    Raises InstallRefused for an app that is deprecated, or that is neither published nor of the user's organizations
    nor tested by them; an operator may install anything, which is recorded.
    """
    existing = Installation.objects.filter(user=user, app=app).first()
    if existing is not None:
        return existing
    if not by_operator:
        _check_allowed(user, app)
    installation, made = Installation.objects.get_or_create(user=user, app=app)
    if made and by_operator:
        record("installation.made", installation, after=_whose(user, app))
    return installation


@transaction.atomic
def uninstall_app(*, user: User, app: App, by_operator: bool = False) -> bool:
    """Remove the installation and announce it; return False when there was none.

    What the app stored for the user goes with it; the values of its settings, which are the user's, stay.
    """
    installation = Installation.objects.select_for_update().filter(user=user, app=app).first()
    if installation is None:
        return False
    if by_operator:
        record("installation.removed", installation, before=_whose(user, app))
    installation.delete()
    announce(app_uninstalled, sender=Installation, user=user, app=app)
    return True


def mark_running(user_id: int, package: str, running: bool) -> bool:
    """Remember whether the app comes back at the user's next session; return False if not installed.

    That it runs forgets the days on which it failed to start.
    """
    fields: dict[str, Any] = {"is_running": running}
    if running:
        fields |= {"last_active_at": timezone.now(), "failed_days": 0, "failed_on": None}
    return bool(_INSTALLATION(fields, user=user_id, package_name=package))


@transaction.atomic
def note_failed_start(user_id: int, package: str, today: date) -> bool:
    """Count, once a day, that an app did not come back; say whether that took it off the list of running apps.

    The list is what comes back at the user's next session: an app whose server is dead for good is not to be called
    at each of them for ever (P-16).
    """
    rows = Installation.objects.filter(user_id=user_id, app__package_name=package, is_running=True)
    rows.exclude(failed_on=today).update(failed_days=F("failed_days") + 1, failed_on=today)
    hopeless = rows.filter(failed_days__gte=FAILED_DAYS_TO_RETIREMENT)
    return bool(hopeless.update(is_running=False, failed_days=0, failed_on=None))


def _whose(user: User, app: App) -> dict[str, str]:
    return {"user": user.email, "app": app.package_name}


def _tests(user: User, app: App) -> bool:
    return AppTester.objects.filter(user=user, app=app).exists()


def _check_allowed(user: User, app: App) -> None:
    reason = refuse_install(
        store_status=app.store_status,
        is_deprecated=app.is_deprecated,
        is_member=is_member(user, app.organization_id) or _tests(user, app),
    )
    if reason is not None:
        raise InstallRefused(reason)
