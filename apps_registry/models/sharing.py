"""Who outside its organization tests an app, and the links that let them in."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from accounts.fields import LowerCaseEmailField
from accounts.models import User
from apps_registry.models.app import App
from apps_registry.rules import ShareState, new_share_token, share_state


class ShareLink(models.Model):
    """A link that makes testers. With an `email` it was mailed to that address and lets nobody else in.

    The token is kept readable: developers pass the link on as often as they like, and it opens nothing but one app.
    """

    app = models.ForeignKey(App, on_delete=models.CASCADE, related_name="share_links")
    token = models.CharField(max_length=64, unique=True, default=new_share_token, editable=False)
    email = LowerCaseEmailField("e-mail address", blank=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    most_uses = models.PositiveIntegerField(null=True, blank=True)
    uses = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]

    def __str__(self) -> str:
        return f"{self.app} for {self.email or 'whoever has the link'}"

    @property
    def state(self) -> ShareState:
        """Return whether it lets people in now."""
        return share_state(
            now=timezone.now(),
            expires_at=self.expires_at,
            revoked_at=self.revoked_at,
            uses=self.uses,
            most_uses=self.most_uses,
        )


class AppTester(models.Model):
    """Somebody who accepted to test an app: they may install it whatever its status, until they are removed."""

    app = models.ForeignKey(App, on_delete=models.CASCADE, related_name="testers")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tested_apps")
    link = models.ForeignKey(ShareLink, null=True, on_delete=models.SET_NULL, related_name="testers")
    accepted_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["-accepted_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["app", "user"], name="tester_once_per_app"),
        ]

    def __str__(self) -> str:
        return f"{self.user} tests {self.app}"
