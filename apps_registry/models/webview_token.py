"""What an app's web page trades for the name of the person who looks at it (rest §3)."""

from django.db import models
from django.utils import timezone

from accounts.models import User
from apps_registry.rules.apps import MAX_PACKAGE_NAME_CHARACTERS


class WebviewToken(models.Model):
    """A token that is good once, for one person and one package, for a minute; only its digest is stored.

    Bound to a name and not to an app, because the store need not be registered as one.
    """

    digest = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    package_name = models.CharField(max_length=MAX_PACKAGE_NAME_CHARACTERS)
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.user} for {self.package_name}"
