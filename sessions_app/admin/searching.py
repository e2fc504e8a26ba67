"""Looking for sessions by what people type: an id, a part of an address or of an app's name, a node."""

from contextlib import suppress
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.models import User
from apps_registry.models import App
from sessions_app.models import AppRun, UserSession

# Whoever means more than these has to type more.
MOST_USERS = 200
MOST_APPS = 20


def find_sessions(sessions: QuerySet[UserSession], text: str) -> QuerySet[UserSession]:
    """Return those of the sessions that `text` may mean; two short queries besides."""
    text = text.strip()
    if not text:
        return sessions
    with suppress(ValueError):
        return sessions.filter(pk=UUID(text))
    users = User.objects.filter(email__icontains=text).order_by().values_list("pk", flat=True)[:MOST_USERS]
    packages = App.objects.filter(package_name__icontains=text).order_by()
    named = list(packages.values_list("package_name", flat=True)[:MOST_APPS])
    running = AppRun.objects.filter(package_name__in=[*named, text]).values("session")
    return sessions.filter(Q(user__in=list(users)) | Q(owner=text) | Q(pk__in=running))
