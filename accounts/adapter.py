"""What sign-up and log-in ask of this deployment."""

from allauth.account.adapter import DefaultAccountAdapter
from django import forms
from django.conf import settings
from django.http import HttpRequest

from accounts.rules import normalize_email
from accounts.selectors import is_invited

# Where the framework looks for an address that needs no proof any more.
_PROVEN = "account_verified_email"


class Entrance(DefaultAccountAdapter):
    """Lets strangers in when the deployment is open, and invited people always."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Say whether the visitor may sign up; operators can always make people."""
        proven = request.session.get(_PROVEN)
        return bool(settings.SIGNUP_IS_OPEN) or bool(proven and is_invited(proven))

    def clean_email(self, email: str) -> str:
        """Return the address; who came by an invitation signs up with the invited one."""
        proven = self.request.session.get(_PROVEN) if self.request.user.is_anonymous else None
        if proven and normalize_email(email) != proven:
            raise forms.ValidationError(f"Your invitation is for {proven}. Sign up with that address.")
        return super().clean_email(email)


def expect_invited(request: HttpRequest, email: str) -> None:
    """Let the visitor, who came by the mail to `email`, sign up with that address without proving it once more."""
    request.session[_PROVEN] = email
