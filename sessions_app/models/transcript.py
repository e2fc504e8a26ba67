"""What was said in a session, finally recognised. Nobody but its user may see it: no page of operators shows it."""

from typing import ClassVar

from django.db import models

from sessions_app.models.session import UserSession


class TranscriptSegment(models.Model):
    """The words of one utterance as one recogniser understood them.

    `setting` is the language setting of the recogniser (`en-US`, `auto`), `language` what was spoken. Milliseconds
    count from the beginning of the session's sound. The text is never part of how a row is named: rows are named
    in logs and in what the admin asks before it deletes something.
    """

    session = models.ForeignKey(UserSession, on_delete=models.CASCADE, related_name="transcript")
    setting = models.CharField(max_length=40)
    utterance = models.CharField(max_length=100)
    language = models.CharField(max_length=40)
    text = models.TextField()
    speaker = models.CharField(max_length=100, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    start_ms = models.PositiveBigIntegerField()
    end_ms = models.PositiveBigIntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["started_at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["session", "setting", "utterance"], name="utterance_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["session", "started_at"], name="transcript_of_session")
        ]

    def __str__(self) -> str:
        return f"utterance {self.utterance} ({self.setting})"
