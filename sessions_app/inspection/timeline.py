"""The time line of an app: its webhooks and messages in one order, a page at a time.

A person sees their own sessions; of other people's webhooks only how they went, when they ask for that.
"""

import binascii
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.db.models.functions import Left

from sessions_app.inspection.entries import SOUND
from sessions_app.inspection.problems import STAGES, CallProblem, Stage
from sessions_app.models import AppRun, SocketMessage, WebhookCall
from sessions_app.models.inspection import INCOMING, OUTGOING

PAGE: Final = 50
MOST_NEWS: Final = 200
MOST_TYPES: Final = 100
MOST_SESSIONS: Final = 10
PREVIEW_CHARACTERS: Final = 160
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

Row = WebhookCall | SocketMessage


@dataclass(frozen=True, slots=True)
class Filter:
    """What of a time line to show; empty fields leave nothing out.

    `show` is `webhooks`, `messages` or empty; `type` a type of message or kind of webhook; `direction` `in` or `out`.
    `everybody` adds other people's webhooks, which a text or a session never finds.
    """

    show: str = ""
    type: str = ""
    direction: str = ""
    session_id: str = ""
    text: str = ""
    problems_only: bool = False
    with_sound: bool = False
    everybody: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a time line: just after, so older than, this row."""

    at: datetime
    is_call: bool
    pk: int

    def __str__(self) -> str:
        moment = (self.at - EPOCH) // timedelta(microseconds=1)
        return urlsafe_b64encode(f"{moment} {self.is_call:d} {self.pk}".encode()).decode()


def place_of(row: Row) -> Place:
    """Return the place of a row."""
    return Place(row.at, isinstance(row, WebhookCall), row.pk)


def read_place(text: str) -> Place | None:
    """Return the place that was written as `text`; None for anything else."""
    try:
        found = re.fullmatch(r"(\d{1,17}) ([01]) (\d{1,18})", urlsafe_b64decode(text.encode()).decode())
    except (ValueError, binascii.Error):
        return None
    if found is None:
        return None
    return Place(EPOCH + timedelta(microseconds=int(found[1])), found[2] == "1", int(found[3]))


@dataclass(frozen=True, slots=True)
class Timeline:
    """The time line of one app for one person, who must be a member of the app's organization."""

    app_id: int
    user_pk: int
    filter: Filter = Filter()

    def page(self, before: Place | None = None) -> list[Row]:
        """Return up to PAGE + 1 rows, newest first; the one too many says that there are older ones."""
        calls = self._shown(_older(self._calls(), before, is_call=True))
        messages = _older(self._messages(), before, is_call=False)
        return _in_order([*calls, *messages])[: PAGE + 1]

    def news(self, calls_after: int, messages_after: int) -> list[Row]:
        """Return rows stored since those with these ids, newest first; the oldest of them if they are many."""
        calls = self._shown(self._calls().filter(pk__gt=calls_after).order_by("pk")[:MOST_NEWS])
        messages = self._messages().filter(pk__gt=messages_after).order_by("pk")[:MOST_NEWS]
        return _in_order([*calls, *messages])

    def find_call(self, pk: int) -> WebhookCall | None:
        """Return a webhook of the app, of somebody else's only how it went; None when there is none."""
        found = WebhookCall.objects.filter(app_id=self.app_id, pk=pk).select_related("app__organization")
        return next(iter(self._shown(found)), None)

    def find_message(self, pk: int) -> SocketMessage | None:
        """Return a message of the person's own sessions; None when there is none."""
        message: SocketMessage | None = self._own(SocketMessage).filter(pk=pk).first()
        return message

    def newest_ids(self) -> tuple[int, int]:
        """Return the ids of the newest webhook and message, whatever the filter, 0 for none: where news begin."""
        calls, messages = self._calls_in_scope(), self._own(SocketMessage)
        return _newest_id(calls), _newest_id(messages)

    def types(self) -> list[str]:
        """Return the types of messages and kinds of webhooks that a person's rows have."""
        kinds = self._own(WebhookCall).order_by().values_list("kind", flat=True).distinct()
        types = self._own(SocketMessage).order_by().values_list("type", flat=True).distinct()
        return sorted({*kinds, *types[:MOST_TYPES]} - {SOUND})

    def _shown(self, calls: Iterable[WebhookCall]) -> list[WebhookCall]:
        """Return calls without what they tell of other people, colleagues included."""
        return [call if call.user_id in (None, self.user_pk) else _without_person(call) for call in calls]

    def _own(self, model: type[Any]) -> QuerySet[Any]:
        rows: QuerySet[Any] = model.objects.filter(app_id=self.app_id, user_id=self.user_pk)
        return rows

    def _calls_in_scope(self) -> QuerySet[WebhookCall]:
        wanted = self.filter
        if wanted.everybody and not wanted.text and not wanted.session_id:
            return WebhookCall.objects.filter(app_id=self.app_id)
        return self._own(WebhookCall)

    def _calls(self) -> QuerySet[WebhookCall]:
        wanted, calls = self.filter, self._calls_in_scope()
        if wanted.show == "messages" or wanted.direction == INCOMING:
            return calls.none()
        if wanted.type:
            calls = calls.filter(kind=wanted.type)
        if wanted.session_id:
            calls = calls.filter(session_id=wanted.session_id)
        if wanted.problems_only:
            calls = calls.exclude(problem="")
        if wanted.text:
            fields = ("url", "detail", "problem", "request_body", "response_body")
            calls = calls.filter(_any_has(fields, wanted.text))
        return calls.defer("request_headers", "request_body", "response_headers", "response_body")

    def _messages(self) -> QuerySet[SocketMessage]:
        wanted, messages = self.filter, self._own(SocketMessage)
        if wanted.show == "webhooks":
            return messages.none()
        if wanted.type:
            messages = messages.filter(type=wanted.type)
        elif not wanted.with_sound:
            messages = messages.exclude(type=SOUND)
        if wanted.direction in (INCOMING, OUTGOING):
            messages = messages.filter(direction=wanted.direction)
        if wanted.session_id:
            messages = messages.filter(session_id=wanted.session_id)
        if wanted.problems_only:
            messages = messages.exclude(problem="")
        if wanted.text:
            messages = messages.filter(_any_has(("type", "payload"), wanted.text))
        shown: QuerySet[SocketMessage] = messages.annotate(preview=Left("payload", PREVIEW_CHARACTERS))
        return shown.defer("payload")


def sessions_of(package_name: str, user_pk: int) -> list[AppRun]:
    """Return the runs of an app in a person's newest sessions, with these, newest first."""
    runs = AppRun.objects.filter(package_name=package_name, session__user_id=user_pk)
    return list(runs.select_related("session").order_by("-session__started_at")[:MOST_SESSIONS])


@dataclass(frozen=True, slots=True)
class CallFailure:
    """The newest failed webhook of an app: nothing in it tells for whom it was."""

    at: datetime
    kind: str
    problem: str
    stage: Stage
    status: int | None


def find_last_failure(app_id: int) -> CallFailure | None:
    """Return the newest webhook of an app that failed, of anybody, as far as they are kept; None when none did."""
    failed = WebhookCall.objects.filter(app_id=app_id).exclude(problem="").order_by("-at", "-id")
    found = failed.values_list("at", "kind", "problem", "status").first()
    if found is None:
        return None
    at, kind, problem, status = found
    return CallFailure(at, kind, problem, STAGES[CallProblem(problem)], status)


def _without_person(call: WebhookCall) -> WebhookCall:
    names = ("pk", "app_id", "kind", "at", "attempt", "attempts", "status", "problem", "total_ms")
    times = ("dns_ms", "connect_ms", "wait_ms")
    return WebhookCall(**{name: getattr(call, name) for name in (*names, *times)})


def _older(rows: QuerySet[Any], before: Place | None, *, is_call: bool) -> Iterable[Any]:
    if before is not None:
        # Of rows of the same moment, webhooks stand above messages.
        if before.is_call == is_call:
            same_moment = Q(at=before.at, pk__lt=before.pk)
        elif before.is_call:
            same_moment = Q(at=before.at)
        else:
            same_moment = Q(pk__in=())
        rows = rows.filter(Q(at__lt=before.at) | same_moment, at__lte=before.at)
    found: Iterable[Any] = rows.order_by("-at", "-id")[: PAGE + 1]
    return found


def _in_order(rows: Sequence[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (row.at, isinstance(row, WebhookCall), row.pk), reverse=True)


def _any_has(fields: Iterable[str], text: str) -> Q:
    wanted = Q()
    for field in fields:
        wanted |= Q(**{f"{field}__icontains": text})
    return wanted


def _newest_id(rows: QuerySet[Any]) -> int:
    return rows.order_by("-at", "-id").values_list("pk", flat=True).first() or 0
