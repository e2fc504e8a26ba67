"""Writes the rows behind inspectors, and forgets them. Reading and masking happen here, off every event loop."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db.models import Model, QuerySet

from sessions_app.inspection.entries import CallEntry, Frame, Whose
from sessions_app.inspection.masking import masked_fields, masked_text
from sessions_app.inspection.reading import body_text, read_frame, storable
from sessions_app.models import SocketMessage, WebhookCall

BATCH = 500
FORGET_BATCH = 5_000
# A person's rows of an app are cut to their number each time this many were added by this process.
CUT_EVERY = 250
MOST_STATUS = 999

_added: Counter[tuple[type[Model], int, int]] = Counter()


def store(frames: Sequence[tuple[Whose, list[Frame]]], calls: Sequence[CallEntry]) -> int:
    """Store what was noted and return how many rows that were."""
    messages = [_message(whose, frame) for whose, noted in frames for frame in noted]
    SocketMessage.objects.bulk_create(messages, batch_size=BATCH)
    WebhookCall.objects.bulk_create([_call(entry) for entry in calls], batch_size=BATCH)
    for whose, noted in frames:
        _keep_newest(SocketMessage, whose, len(noted))
    for entry in calls:
        if entry.whose is not None:
            _keep_newest(WebhookCall, entry.whose, 1)
    return len(messages) + len(calls)


def store_call(entry: CallEntry) -> WebhookCall:
    """Store one call at once and return its row."""
    row = _call(entry)
    row.save(force_insert=True)
    return row


def forget_inspected(*, before: datetime) -> int:
    """Delete what was noted before a moment, in batches so that no other writer waits long; return how many rows."""
    old: Iterable[QuerySet[Any]] = (
        SocketMessage.objects.filter(at__lt=before),
        WebhookCall.objects.filter(at__lt=before),
    )
    return sum(_forget(rows) for rows in old)


def _forget(rows: QuerySet[Any]) -> int:
    forgotten = 0
    while keys := list(rows.order_by("at").values_list("pk", flat=True)[:FORGET_BATCH]):
        forgotten += rows.model.objects.filter(pk__in=keys).delete()[0]
    return forgotten


def _keep_newest(model: type[Any], whose: Whose, added: int) -> None:
    """Now and then delete what is more than a person's number of rows of an app, oldest first."""
    key = (model, whose.app_id, whose.user_pk)
    _added[key] += added
    if _added[key] < CUT_EVERY:
        return
    del _added[key]
    rows = model.objects.filter(app_id=whose.app_id, user_id=whose.user_pk)
    oldest_kept = rows.order_by("-at", "-id").values_list("at", flat=True)[settings.INSPECTOR_MESSAGES - 1 :]
    edge = oldest_kept.first()
    if edge is not None:
        rows.filter(at__lt=edge).delete()


def _message(whose: Whose, frame: Frame) -> SocketMessage:
    read = read_frame(frame.text, is_whole=bool(frame.kind) or frame.size == len(frame.text))
    return SocketMessage(
        app_id=whose.app_id,
        user_id=whose.user_pk,
        session_id=whose.session_id,
        direction=frame.direction,
        type=frame.kind or read.type,
        at=datetime.fromtimestamp(frame.at, UTC),
        size=frame.size,
        payload=read.payload,
        is_cut=read.is_cut,
        problem=read.problem,
    )


def _call(entry: CallEntry) -> WebhookCall:
    row = WebhookCall(
        app_id=entry.app_id,
        kind=entry.kind,
        at=entry.at,
        attempt=entry.attempt,
        attempts=entry.attempts,
        node=settings.NODE_ID[:100],
        status=None if entry.status is None else min(entry.status, MOST_STATUS),
        problem=entry.problem,
    )
    if entry.exchange is not None:
        timing = entry.exchange.timing
        row.dns_ms, row.connect_ms, row.wait_ms = timing.dns, timing.connect, timing.wait
        row.total_ms = timing.total
    if entry.whose is not None:
        _fill(row, entry, entry.whose)
    return row


def _fill(row: WebhookCall, entry: CallEntry, whose: Whose) -> None:
    """Add what only the person may see whom the call concerned."""
    row.user_id, row.session_id = whose.user_pk, whose.session_id
    row.detail = storable(masked_text(entry.detail))[:300]
    row.again_of = entry.again_of
    if entry.exchange is None:
        return
    row.url = storable(masked_text(entry.exchange.url))[:2100]
    row.request_headers = _headers(entry.exchange.request_headers)
    row.request_body = body_text(entry.exchange.request_body)
    row.response_headers = _headers(entry.exchange.response_headers)
    row.response_body = body_text(entry.exchange.response_body)


def _headers(headers: Mapping[str, str]) -> dict[str, str]:
    return {storable(name): storable(str(value)) for name, value in masked_fields(headers).items()}
