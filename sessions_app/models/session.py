"""The row of a user session. Changed only by filtered updates of the lifecycle services."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from sessions_app.states import LIVE_SESSION_STATES, SessionState


class UserSession(models.Model):
    """One stay of a user in the cloud; survives reconnects of the phone and the loss of processes.

    `owner` is the node that holds the hot state, `generation` grows with each connect and fences the writes of
    owners that were replaced. A user has at most one live session; a session being disposed may stand beside it.
    While DISPOSING, `dispose_after` is when it was condemned and `disposing_at` when a worker last took it up.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sessions")
    state = models.CharField(max_length=16, choices=[(s.value, s.value) for s in SessionState])
    owner = models.CharField(max_length=100, blank=True)
    generation = models.PositiveIntegerField(default=1)

    started_at = models.DateTimeField(default=timezone.now)
    connected_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now)
    disconnected_at = models.DateTimeField(null=True, blank=True)
    dispose_after = models.DateTimeField(null=True, blank=True)
    disposing_at = models.DateTimeField(null=True, blank=True)
    disposed_at = models.DateTimeField(null=True, blank=True)
    dispose_reason = models.CharField(max_length=200, blank=True)
    is_reported = models.BooleanField(default=False)

    reconnects = models.PositiveIntegerField(default=0)
    apps_used = models.JSONField(default=list, blank=True)
    audio_bytes = models.PositiveBigIntegerField(default=0)
    audio_lost = models.PositiveIntegerField(default=0)
    audio_dropped = models.PositiveIntegerField(default=0)
    transcripts = models.PositiveIntegerField(default=0)
    events = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(state__in=[s.value for s in LIVE_SESSION_STATES]),
                name="one_live_session_per_user",
            )
        ]
        indexes = [
            models.Index(fields=["state", "dispose_after"], name="session_sweep"),
            models.Index(fields=["owner", "state"], name="session_owner"),
            models.Index(fields=["-started_at"], name="session_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.id} ({self.state})"
