"""Rooms in which users of an app meet."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from sessions_app.models.app_run import AppRun


class AppRoom(models.Model):
    """A room of an app; it is there while somebody is in it. `metadata` is the raw JSON it was opened with."""

    package_name = models.CharField(max_length=200)
    name = models.CharField(max_length=100)
    max_users = models.PositiveIntegerField()
    is_private = models.BooleanField(default=False)
    metadata = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["package_name", "name"], name="room_of_app")
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.package_name}"


class RoomMember(models.Model):
    """An app session in a room. It counts while its run is one of those present, and is removed after that."""

    room = models.ForeignKey(AppRoom, on_delete=models.CASCADE, related_name="members")
    run = models.ForeignKey(AppRun, on_delete=models.CASCADE, related_name="rooms")
    joined_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["room", "run"], name="once_in_a_room")
        ]

    def __str__(self) -> str:
        return f"{self.run} in {self.room}"
