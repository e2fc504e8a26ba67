"""Who may use the operators' endpoints (rest §13)."""

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.models import User
from accounts.rules import is_admin_address


class IsOperator(BasePermission):
    """Operators of this cloud, and whoever ADMIN_EMAILS or ADMIN_EMAIL_DOMAINS name."""

    message = "Unauthorized - Admin access required"

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Say whether the person who asks is one of them."""
        user = request.user
        return isinstance(user, User) and is_operator(user)


def is_operator(user: User) -> bool:
    """Say whether `user` runs this cloud, and has the second factor that OPERATORS_NEED_TWO_FACTOR may demand."""
    named = is_admin_address(user.email, settings.ADMIN_EMAILS, settings.ADMIN_EMAIL_DOMAINS)
    if not user.is_staff and not named:
        return False
    return not settings.OPERATORS_NEED_TWO_FACTOR or bool(is_mfa_enabled(user))
