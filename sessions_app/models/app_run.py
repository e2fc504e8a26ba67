"""The row of one app in a session."""

from django.db import models

from sessions_app.models.session import UserSession
from sessions_app.states import RunState


class AppRun(models.Model):
    """What must outlive the app's socket and the owner's process (lifecycle §3.3).

    `resume_before` is the end of the app's grace period; a new owner enforces it from here.
    """

    session = models.ForeignKey(UserSession, on_delete=models.CASCADE, related_name="app_runs")
    package_name = models.CharField(max_length=200)
    state = models.CharField(max_length=16, choices=[(s.value, s.value) for s in RunState])
    family = models.CharField(max_length=1, blank=True)
    sdk_version = models.CharField(max_length=50, blank=True)
    subscriptions = models.JSONField(default=list, blank=True)
    transcription_config = models.JSONField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    connected_at = models.DateTimeField(null=True, blank=True)
    resume_before = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    stop_reason = models.CharField(max_length=50, blank=True)

    class Meta:
        ordering = ["package_name"]
        constraints = [
            models.UniqueConstraint(fields=["session", "package_name"], name="one_run_per_session_and_app")
        ]
        indexes = [models.Index(fields=["package_name", "state"], name="run_of_app")]

    def __str__(self) -> str:
        return f"{self.package_name} ({self.state})"
