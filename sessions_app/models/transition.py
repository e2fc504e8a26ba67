"""History: every change of state of a session or of an app in it."""

from django.db import models
from django.utils import timezone

from sessions_app.models.session import UserSession


class SessionTransition(models.Model):
    """One move of a state machine: audit, timeline and the answer to "why did it drop?".

    `package_name` is empty for moves of the session itself; `from_state` is empty for its first one.
    """

    session = models.ForeignKey(UserSession, on_delete=models.CASCADE, related_name="transitions")
    package_name = models.CharField(max_length=200, blank=True)
    from_state = models.CharField(max_length=16, blank=True)
    to_state = models.CharField(max_length=16)
    cause = models.CharField(max_length=60)
    detail = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["at"], name="transition_at")]

    def __str__(self) -> str:
        return f"{self.package_name or 'session'}: {self.from_state} → {self.to_state} ({self.cause})"
