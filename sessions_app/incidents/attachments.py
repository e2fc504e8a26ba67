"""Pictures of incidents: decoded before they are kept, kept under names nobody is told. Everything blocks."""

import logging
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Max
from django.utils.crypto import get_random_string

from sessions_app.errors import IncidentFull, StorageAway
from sessions_app.incidents.rules import MOST_ATTACHMENTS
from sessions_app.media.pictures import Picture
from sessions_app.models import Incident, IncidentAttachment

logger = logging.getLogger(__name__)

FOLDER = "incidents"
NAME_LENGTH = 40
LONGEST_FILENAME = 200
_BATCH = 100


class Attached(NamedTuple):
    """A picture as it was uploaded."""

    filename: str
    picture: Picture


class StoredPicture(NamedTuple):
    """A picture as it is served."""

    data: bytes
    content_type: str


def keep_attachments(*, incident: Incident, attached: Sequence[Attached]) -> list[IncidentAttachment]:
    """Keep pictures, all or none of them, and return their rows; one that is there already is not kept twice.

    Raises IncidentFull, StorageAway.
    """
    saved: list[str] = []
    try:
        with transaction.atomic():
            Incident.objects.select_for_update(no_key=True).get(pk=incident.pk)
            return [_keep(incident, each, saved) for each in attached]
    except BaseException:
        for name in saved:
            delete_file(name)
        raise


def open_attachment(incident: Incident, number: int) -> StoredPicture | None:
    """Return a picture of an incident; None when there is none, or its file is not there."""
    row = incident.attachments.filter(number=number).first()
    if row is None:
        return None
    try:
        with default_storage.open(_path_of(row.name)) as file:
            return StoredPicture(file.read(), row.content_type)
    except FileNotFoundError:
        return None


def delete_file(name: str) -> bool:
    """Delete the file of an attachment; false when that is not possible now."""
    try:
        default_storage.delete(_path_of(name))
    except Exception:
        logger.exception("The picture %s of an incident could not be deleted", name)
        return False
    return True


def forget_incidents(*, before: datetime) -> int:
    """Delete what was reported before a moment, with its logs and pictures; return how many reports.

    One whose pictures cannot be deleted now stays until they can.
    """
    keys = list(
        Incident.objects.filter(created_at__lt=before).order_by("created_at").values_list("pk", flat=True)
    )
    deleted = 0
    for begin in range(0, len(keys), _BATCH):
        batch = keys[begin : begin + _BATCH]
        pictures = IncidentAttachment.objects.filter(incident__in=batch).values_list("incident_id", "name")
        kept = {incident for incident, name in pictures if not delete_file(name)}
        gone = [pk for pk in batch if pk not in kept]
        Incident.objects.filter(pk__in=gone).delete()
        deleted += len(gone)
    return deleted


def _keep(incident: Incident, attached: Attached, saved: list[str]) -> IncidentAttachment:
    picture, digest = attached.picture, sha256(attached.picture.data).hexdigest()
    known = incident.attachments.filter(digest=digest).first()
    if known is not None:
        return known
    last = int(incident.attachments.aggregate(last=Max("number"))["last"] or 0)
    if last >= MOST_ATTACHMENTS:
        raise IncidentFull(f"An incident has at most {MOST_ATTACHMENTS} pictures.")
    name = f"{get_random_string(NAME_LENGTH)}.{picture.ending}"
    saved.append(name)
    try:
        default_storage.save(_path_of(name), ContentFile(picture.data))
    except Exception as problem:
        logger.exception("A picture of an incident could not be stored")
        raise StorageAway("The picture could not be stored just now.") from problem
    return IncidentAttachment.objects.create(
        incident=incident,
        number=last + 1,
        digest=digest,
        name=name,
        filename=attached.filename.replace("\0", "")[:LONGEST_FILENAME],
        content_type=picture.content_type,
        size=len(picture.data),
        width=picture.width,
        height=picture.height,
    )


def _path_of(name: str) -> str:
    return f"{FOLDER}/{name}"
