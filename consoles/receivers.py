"""What follows from a log-in to any of the sites."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver

from accounts.models import User
from accounts.services import ensure_default_organization


@receiver(user_logged_in, dispatch_uid="give_a_home")
def give_a_home(user: User, **_: Any) -> None:
    """Whoever logs in has an organization their apps go to; the first time it is made."""
    ensure_default_organization(user=user)
