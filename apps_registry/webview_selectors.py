"""What handing an app's page over to somebody needs to know (rest §3)."""

from django.db.models import F

from accounts.models import User
from apps_registry.errors import AppNotFound, NoWorkingKey
from apps_registry.models import App
from apps_registry.rules import is_package_name
from apps_registry.selectors import apps_offered_to, working_keys


def get_offered_app(user: User, package_name: str) -> App:
    """Return an app that `user` has or could install; raise AppNotFound for any other."""
    if is_package_name(package_name):
        app = apps_offered_to(user).filter(package_name=package_name).first()
        if app is not None:
            return app
    raise AppNotFound(package_name[:200])


def webview_key_digest(app: App) -> str:
    """Return the digest of the key that the app's server computes with (rest §3.1); raise NoWorkingKey.

    Of several that work it is the one used last, since a server shows its key at every socket and call; of those
    never used the newest. So a rolled key counts from its first use on, and the old one until then.
    """
    by_use = (F("last_used_at").desc(nulls_last=True), "-created_at", "-pk")
    digest = working_keys().filter(app=app).order_by(*by_use).values_list("digest", flat=True).first()
    if digest is None:
        raise NoWorkingKey(app.package_name)
    return digest
