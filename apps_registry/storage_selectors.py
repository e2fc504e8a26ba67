"""What an app kept about a user (rest §6)."""

from accounts.errors import InvalidEmail
from accounts.rules import read_email
from apps_registry.errors import NotInstalled
from apps_registry.models import AppStorage, Installation


def get_installation(app_id: int, user_id: str) -> Installation:
    """Return the installation of an app for the person with this address; raise NotInstalled."""
    try:
        email = read_email(user_id)
    except InvalidEmail as problem:
        raise NotInstalled from problem
    found = Installation.objects.filter(app=app_id, user__email=email, user__is_active=True).first()
    if found is None:
        raise NotInstalled
    return found


def stored_texts(installation: Installation) -> dict[str, str]:
    """Return all the app stored for its user, by key."""
    row = AppStorage.objects.filter(pk=installation.pk).first()
    return row.texts if row is not None else {}
