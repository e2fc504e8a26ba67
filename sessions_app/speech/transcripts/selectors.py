"""Reads transcripts, always those of one person."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from sessions_app.models import AppRun, TranscriptSegment
from sessions_app.protocol.streams import ANY_LANGUAGE
from sessions_app.speech.transcripts.segments import told_once
from sessions_app.states import LIVE_SESSION_STATES

MOST_SEGMENTS = 1_000


@dataclass(frozen=True, slots=True)
class Window:
    """From when to when words are asked for; None: from the beginning, until now."""

    begin: datetime | None = None
    end: datetime | None = None

    def within(self, begin: datetime | None, end: datetime | None) -> "Window":
        """Return the part of this that lies between two moments."""
        begins = [moment for moment in (self.begin, begin) if moment is not None]
        ends = [moment for moment in (self.end, end) if moment is not None]
        return Window(max(begins, default=None), min(ends, default=None))


@dataclass(frozen=True, slots=True)
class Transcript:
    """Words, oldest first; with `has_more` there are earlier ones in the window, which were too many."""

    segments: tuple[TranscriptSegment, ...]
    has_more: bool


def find_run_in_live_session(email: str, package_name: str) -> AppRun | None:
    """Return the run of an app in the live session of the person with this address."""
    runs = AppRun.objects.filter(
        package_name=package_name, session__user__email=email, session__state__in=LIVE_SESSION_STATES
    )
    return runs.select_related("session").first()


def read_own(user_pk: int, language: str, setting: str, window: Window) -> Transcript:
    """Return what was said in the sessions of a person, as far as it is kept."""
    kept_since = timezone.now() - timedelta(days=settings.TRANSCRIPT_RETENTION_DAYS)
    kept = Q(session__disposed_at=None) | Q(session__disposed_at__gt=kept_since)
    rows = TranscriptSegment.objects.filter(kept, session__user_id=user_pk)
    return _read(rows, language, setting, window)


def read_run(run: AppRun, language: str, setting: str, window: Window) -> Transcript:
    """Return what was said while an app ran in its session."""
    rows = TranscriptSegment.objects.filter(session_id=run.session_id)
    return _read(rows, language, setting, window.within(run.started_at, run.stopped_at))


def _read(rows: QuerySet[TranscriptSegment], language: str, setting: str, window: Window) -> Transcript:
    """Return the newest words of a window; `setting` is the recogniser that hears `language`."""
    if window.begin is not None:
        rows = rows.filter(started_at__gte=window.begin)
    if window.end is not None:
        rows = rows.filter(started_at__lte=window.end)
    newest = list(rows.filter(_spoken(language, setting)).order_by("-started_at", "-id")[: MOST_SEGMENTS + 1])
    segments = tuple(told_once(reversed(newest[:MOST_SEGMENTS]), setting))
    return Transcript(segments, has_more=len(newest) > MOST_SEGMENTS)


def _spoken(language: str, setting: str) -> Q:
    asked = Q(setting=setting)
    if language == ANY_LANGUAGE:
        return asked
    code, _, country = language.partition("-")
    spoken = Q(language__iexact=language) if country else Q(language__istartswith=f"{code}-")
    return asked | spoken | Q(language__iexact=code)
