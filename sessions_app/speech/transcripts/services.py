"""Writes and forgets transcripts. Nothing here may put words into a log or an error: databases quote rows in theirs."""

from collections.abc import Sequence
from datetime import datetime

from django.db import DataError, IntegrityError, transaction
from django.db.models import QuerySet

from sessions_app.models import TranscriptSegment
from sessions_app.selectors import require_ownership
from sessions_app.speech.transcripts.segments import MOST_CHARACTERS, FinalWords
from sessions_app.states import SessionRef, SessionState

FORGET_BATCH = 5_000
MOST_MILLISECONDS = 2**53


class TranscriptRefused(Exception):
    """The database took no such rows; says nothing of what was in them."""


def keep_words(*, ref: SessionRef, words: Sequence[FinalWords]) -> None:
    """Store what was said in a session; an utterance that is known is left as it is.

    Raises OwnershipLost when the session is not ours any more.
    """
    rows = [_row(ref, one) for one in words]
    try:
        with transaction.atomic():
            require_ownership(ref)
            TranscriptSegment.objects.bulk_create(rows, ignore_conflicts=True)
    except (DataError, IntegrityError) as problem:
        raise TranscriptRefused(type(problem).__name__) from None


def forget_transcript(session_id: str) -> None:
    """Delete the words of one session."""
    TranscriptSegment.objects.filter(session__pk=session_id).delete()


def forget_transcripts(*, before: datetime) -> int:
    """Delete the words of sessions that were disposed before a moment; return how many rows.

    In batches, so that no other writer waits long.
    """
    old = TranscriptSegment.objects.filter(
        session__state=SessionState.DISPOSED, session__disposed_at__lt=before
    )
    forgotten = 0
    while keys := list(_some(old)):
        forgotten += TranscriptSegment.objects.filter(pk__in=keys).delete()[0]
    return forgotten


def _some(rows: QuerySet[TranscriptSegment]) -> QuerySet[TranscriptSegment, int]:
    return rows.order_by().values_list("pk", flat=True)[:FORGET_BATCH]


def _row(ref: SessionRef, words: FinalWords) -> TranscriptSegment:
    return TranscriptSegment(
        session_id=ref.session_id,
        setting=words.setting[:40],
        utterance=words.utterance[:100],
        language=_storable(words.language).replace("_", "-")[:40],
        text=_storable(words.text)[:MOST_CHARACTERS],
        speaker=_storable(words.speaker)[:100],
        started_at=words.started_at,
        ended_at=max(words.started_at, words.ended_at),
        start_ms=_bounded(words.start_ms),
        end_ms=_bounded(words.end_ms),
    )


def _bounded(milliseconds: int) -> int:
    return min(max(0, milliseconds), MOST_MILLISECONDS)


def _storable(text: str) -> str:
    """Return a text as every database keeps it: without NUL characters and halves of characters."""
    return text.replace("\x00", "").encode(errors="replace").decode()
