"""Making the copy of somebody's data: everything in all rooms, as one JSON document or one table."""

import csv
import gzip
import io
import json
import logging
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone

import accounts.own_data
import apps_registry.own_data
from accounts.models import DataExport, User
from accounts.rules.own_data import ExportFormat, ExportStatus
from sessions_app.database import DATABASE_AWAY
from sessions_app.people import own_data

logger = logging.getLogger(__name__)

COLUMNS = ("section", "entry", "field", "value")
# What a spreadsheet would take for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Sections = Mapping[str, list[dict[str, Any]]]


def make_export(export_id: UUID) -> None:
    """Make the copy that was asked for; one that is made already, or not wanted any more, is left alone."""
    wanted = (
        DataExport.objects.select_related("user").filter(pk=export_id, status=ExportStatus.PENDING).first()
    )
    if wanted is None:
        return
    try:
        content = gzip.compress(render(sections_of(wanted.user), ExportFormat(wanted.format)).encode())
    except DATABASE_AWAY:
        raise  # it stays pending, and is taken up again
    except Exception:
        logger.exception("The export %s failed", export_id)
        _settle(export_id, status=ExportStatus.FAILED)
        return
    _settle(export_id, status=ExportStatus.COMPLETED, content=content)


def content_of(made: DataExport) -> bytes:
    """Return a completed copy as it is downloaded."""
    return gzip.decompress(bytes(made.content or b""))


def list_unmade() -> list[UUID]:
    """Return the copies that were asked for and not made yet."""
    return list(DataExport.objects.filter(status=ExportStatus.PENDING).values_list("pk", flat=True))


def sections_of(user: User) -> Sections:
    """Return all that is held about a person, of one moment."""
    with transaction.atomic():
        rooms = (accounts.own_data, apps_registry.own_data, own_data)
        return {name: rows for room in rooms for name, rows in room.sections_of(user).items()}


def render(sections: Sections, kind: ExportFormat) -> str:
    """Return the sections as text: a JSON object of lists, or a table with a line for each field."""
    if kind is ExportFormat.JSON:
        document = {"exportedAt": timezone.now(), **sections}
        return json.dumps(document, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(COLUMNS)
    for section, rows in sections.items():
        for number, row in enumerate(rows, start=1):
            table.writerows((section, number, field, _cell(value)) for field, value in row.items())
    return text.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    said = json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
    plain = json.loads(said)
    said = plain if isinstance(plain, str) else said
    return f"'{said}" if said.startswith(_FORMULA) and isinstance(plain, str) else said


def _settle(export_id: UUID, **fields: Any) -> None:
    DataExport.objects.filter(pk=export_id).update(completed_at=timezone.now(), **fields)
