"""Which tools somebody's apps offer to be called for (rest §4.2)."""

from typing import Any

from accounts.models import User
from apps_registry.errors import AppNotFound, NotInstalled
from apps_registry.models import App
from apps_registry.rules import is_package_name
from apps_registry.selectors import apps_offered_to, get_app, is_installed


def list_tools(user: User, package: str) -> list[dict[str, Any]]:
    """Return the tools of an app that `user` has or could install; raise AppNotFound."""
    app = apps_offered_to(user).filter(package_name=package).first() if is_package_name(package) else None
    if app is None:
        raise AppNotFound(package[:200])
    return list(app.tools)


def list_tools_of_installed(user: User) -> list[dict[str, Any]]:
    """Return the tools of all apps `user` has installed, each with its `appPackageName`."""
    installed = App.objects.filter(installations__user=user, is_deprecated=False).order_by("package_name")
    rows = installed.values_list("package_name", "tools")
    return [{**tool, "appPackageName": package} for package, tools in rows for tool in tools]


def get_installed_app(user: User, package: str) -> App:
    """Return an app that `user` has installed; raise AppNotFound, NotInstalled."""
    app = get_app(package)
    if app.is_deprecated:
        raise AppNotFound(package)
    if not is_installed(user.pk, package):
        raise NotInstalled
    return app
