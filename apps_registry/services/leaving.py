"""What of the catalogue goes with somebody who leaves."""

from accounts.models import User
from accounts.selectors import organizations_of_one
from apps_registry.models import App
from apps_registry.services.apps import remove_app


def remove_apps_of_one(*, user: User) -> int:
    """Remove the apps of organizations to which nobody but `user` belongs; return how many.

    Nobody would be left to change or stop them.
    """
    apps = list(App.objects.filter(organization__in=organizations_of_one(user)))
    for app in apps:
        remove_app(app=app)
    return len(apps)
