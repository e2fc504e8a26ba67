"""What developers look at to see why their app does not do what it should: calls of its server, messages of its socket.

The references have no constraint in the database: rows are written in batches, behind what they speak of, and one
app that was deleted meanwhile must not cost the others their rows.
"""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from apps_registry.models import App

INCOMING, OUTGOING, NOTE = "in", "out", "note"
DIRECTIONS = [(INCOMING, "from the app"), (OUTGOING, "to the app"), (NOTE, "about the socket")]


def _of_app(related_name: str) -> "models.ForeignKey[App, App]":
    return models.ForeignKey(
        App, on_delete=models.CASCADE, related_name=related_name, db_constraint=False, db_index=False
    )


def _of_user(**options: Any) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        db_constraint=False,
        db_index=False,
        **options,
    )


class WebhookCall(models.Model):
    """One call of an app's server, or one that was due and not made.

    Without a `user` it was made for somebody whose data is none of the developer's business: then everything that could
    tell about that person is empty. Times are milliseconds; the ones that were not reached are
    None. `again_of` is the id of the call that a person repeated by hand, which may be gone by now.
    """

    app = _of_app("webhook_calls")
    user = _of_user(null=True)
    session_id = models.CharField(max_length=36, blank=True)
    kind = models.CharField(max_length=20)
    at = models.DateTimeField(default=timezone.now)
    attempt = models.PositiveSmallIntegerField(default=1)
    attempts = models.PositiveSmallIntegerField(default=1)
    node = models.CharField(max_length=100, blank=True)

    status = models.PositiveSmallIntegerField(null=True)
    problem = models.CharField(max_length=24, blank=True)
    detail = models.CharField(max_length=300, blank=True)
    dns_ms = models.FloatField(null=True)
    connect_ms = models.FloatField(null=True)
    wait_ms = models.FloatField(null=True)
    total_ms = models.FloatField(null=True)

    url = models.CharField(max_length=2100, blank=True)
    request_headers = models.JSONField(default=dict)
    request_body = models.TextField(blank=True)
    response_headers = models.JSONField(default=dict)
    response_body = models.TextField(blank=True)
    again_of = models.BigIntegerField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["at"], name="webhook_at"),
            models.Index(fields=["app", "at", "id"], name="webhook_of_app"),
            models.Index(fields=["app", "kind", "at", "id"], name="webhook_of_kind"),
            models.Index(fields=["app", "at", "id"], name="webhook_failed", condition=~Q(problem="")),
            models.Index(
                fields=["app", "user", "at", "id"], name="webhook_of_user", condition=Q(user__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.status or self.problem}"


class SocketMessage(models.Model):
    """One text frame on the socket of an app, of a user who is a member of the app's organization.

    Sound is a row per second with the number of its frames and bytes. `size` is in characters, or bytes of sound;
    `payload` is the JSON with secrets masked, shortened when `is_cut`. `problem` is the error code it tells of.
    """

    app = _of_app("socket_messages")
    user = _of_user()
    session_id = models.CharField(max_length=36)
    direction = models.CharField(max_length=4, choices=DIRECTIONS)
    type = models.CharField(max_length=80)
    at = models.DateTimeField()
    size = models.PositiveIntegerField(default=0)
    payload = models.TextField(blank=True)
    is_cut = models.BooleanField(default=False)
    problem = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["at"], name="message_at"),
            models.Index(fields=["app", "user", "at", "id"], name="message_of_user"),
        ]

    def __str__(self) -> str:
        return f"{self.direction} {self.type}"


class UnrecordedSession(models.Model):
    """A member of an app's organization who does not want their own sessions with the app recorded."""

    app = models.ForeignKey(App, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["app", "user"], name="unrecorded_once")
        ]

    def __str__(self) -> str:
        return f"{self.user} with {self.app}"
