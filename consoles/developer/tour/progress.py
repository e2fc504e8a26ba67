"""Which app somebody's tour is about, and what has happened with it."""

from accounts.models import User
from accounts.rules import Right
from apps_registry.models import App
from apps_registry.selectors import apps_of
from consoles.developer.tour.steps import Facts
from sessions_app.selectors import find_run


def app_of_tour(user: User) -> App | None:
    """Return the newest app that `user` develops."""
    return apps_of(user, Right.DEVELOP).order_by("-created_at", "-pk").first()


def facts_of(user: User, app: App | None) -> Facts:
    """Return the facts of a tour, in two queries."""
    if app is None:
        return Facts()
    keys = list(app.api_keys.all())
    run = find_run(app.package_name, user.pk)
    return Facts(
        has_app=True,
        has_key=any(key.state.works for key in keys),
        has_connected=any(key.last_used_at is not None for key in keys),
        has_run=run is not None and run.connected_at is not None,
    )
