"""Camera streams of sessions, for operators and for the sweep of the media server."""

from typing import ClassVar

from django.db import models

from sessions_app.models.session import UserSession
from sessions_app.states import StreamKind, StreamState


class CameraStream(models.Model):
    """One stream of a session, a step behind its owner's memory. Without `ended_at` it is under way.

    `owner` is the app that asked, `goes_to` scheme and host of where the video goes: the rest of such an address is a
    key. `input_id` names the place at the media server.
    """

    session = models.ForeignKey(UserSession, on_delete=models.CASCADE, related_name="camera_streams")
    stream_id = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in StreamKind])
    owner = models.CharField(max_length=200)
    viewers = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=12, choices=[(state.value, state.value) for state in StreamState])
    why = models.CharField(max_length=300, blank=True)
    goes_to = models.CharField(max_length=300, blank=True)
    input_id = models.CharField(max_length=200, blank=True)
    watched_at = models.CharField(max_length=1000, blank=True)
    started_at = models.DateTimeField()
    active_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-started_at", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["session", "stream_id"], name="stream_of_session")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["stream_id"], name="stream_by_id"),
            models.Index(
                fields=["input_id"], name="stream_under_way", condition=models.Q(ended_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stream_id} ({self.state})"
