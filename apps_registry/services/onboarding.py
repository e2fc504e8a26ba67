"""Remembering who has seen how an app is used."""

from accounts.models import User
from apps_registry.models import App, Onboarding


def complete_onboarding(*, user: User, app: App) -> None:
    """Remember that `user` went through the instructions of `app`; a second time changes nothing."""
    Onboarding.objects.get_or_create(user=user, app=app)
