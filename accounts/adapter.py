"""What sign-up and log-in ask of this deployment."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest


class Entrance(DefaultAccountAdapter):
    """Lets strangers in when the deployment is open."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Say whether anybody may sign up; operators can always make people."""
        return bool(settings.SIGNUP_IS_OPEN)
