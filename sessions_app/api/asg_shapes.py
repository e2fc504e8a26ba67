"""The shapes in which glasses describe what they took, and the phone is told of it (rest §2)."""

import json
from datetime import UTC, datetime
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import UnsupportedMediaType

from sessions_app.media.glasses_files import IMAGE_ENDINGS, VIDEO_ENDINGS
from sessions_app.media.glasses_gallery import Capture, Pending, item_url
from sessions_app.models import GalleryItem
from sessions_app.protocol.codec import iso

LONGEST_NAME = 255
LONGEST_METADATA = 10_000
MOST_IDS = 100
MOST_LISTED = 100


class Moment(serializers.JSONField):
    """A time as ISO 8601 or as milliseconds of the epoch, in a number or in digits."""

    def to_internal_value(self, data: Any) -> Any:
        """Return an aware datetime; raise ValidationError."""
        text = data.strip() if isinstance(data, str) else data
        if isinstance(text, str) and text.isascii() and text.removeprefix("-").isdigit():
            text = int(text[:20])
        try:
            if isinstance(text, str):
                found = datetime.fromisoformat(text)
                return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
            if isinstance(text, int | float) and not isinstance(text, bool):
                return datetime.fromtimestamp(text / 1000, UTC)
        except (ValueError, OverflowError, OSError):
            pass
        raise serializers.ValidationError("This is no time: write ISO 8601, or milliseconds of the epoch.")


class Metadata(serializers.JSONField):
    """What glasses add: an object, or one as JSON text. What is none, or too long, is left out."""

    def to_internal_value(self, data: Any) -> Any:
        """Return an object."""
        try:
            found = json.loads(data) if isinstance(data, str) else data
            return found if isinstance(found, dict) and len(json.dumps(found)) <= LONGEST_METADATA else {}
        except (ValueError, RecursionError):
            return {}


class CaptureSerializer(serializers.Serializer[Any]):
    """What was taken, and when."""

    filename = serializers.CharField(max_length=LONGEST_NAME)
    capturedAt = Moment()
    deviceId = serializers.CharField(max_length=200, required=False, allow_blank=True, allow_null=True)
    metadata = Metadata(required=False, allow_null=True)


class ImageSerializer(CaptureSerializer):
    """A picture: JPEG, PNG, WebP, HEIC or HEIF of at most 20 MB."""

    file = serializers.FileField(allow_empty_file=True)


class VideoSerializer(CaptureSerializer):
    """A film that is about to be brought: MP4 or QuickTime."""

    mimeType = serializers.CharField(max_length=50)
    sizeBytes = serializers.IntegerField(min_value=1)


class BroughtSerializer(serializers.Serializer[Any]):
    """It waits for the phone."""

    id = serializers.UUIDField()
    uploadedAt = serializers.DateTimeField()


class VideoAddressSerializer(serializers.Serializer[Any]):
    """Where the film is PUT, once, with its type and as many bytes as announced."""

    id = serializers.UUIDField()
    uploadUrl = serializers.CharField()
    expiresAt = serializers.DateTimeField()


class VideoDoneSerializer(serializers.Serializer[Any]):
    """The film that was brought."""

    id = serializers.UUIDField()


class VideoStateSerializer(serializers.Serializer[Any]):
    """It waits for the phone."""

    id = serializers.UUIDField()
    status = serializers.CharField(default="pending")


class ItemSerializer(serializers.Serializer[Any]):
    """A picture or film; whoever has its address may fetch it."""

    id = serializers.UUIDField()
    type = serializers.ChoiceField(choices=GalleryItem.Kind.values)
    filename = serializers.CharField()
    mimeType = serializers.CharField()
    sizeBytes = serializers.IntegerField()
    capturedAt = serializers.DateTimeField()
    uploadedAt = serializers.DateTimeField()
    downloadUrl = serializers.CharField()
    metadata = serializers.JSONField()


class PendingSerializer(serializers.Serializer[Any]):
    """What waits for the phone, oldest first; with `cursor` there is more."""

    pendingCount = serializers.IntegerField()
    pendingTotalBytes = serializers.IntegerField()
    items = ItemSerializer(many=True)
    cursor = serializers.CharField(required=False)


class SyncedSerializer(serializers.Serializer[Any]):
    """What the phone has by now."""

    ids = serializers.ListField(child=serializers.CharField(), min_length=1, max_length=MOST_IDS)


class SyncedAnswerSerializer(serializers.Serializer[Any]):
    """How many items are gone."""

    syncedCount = serializers.IntegerField()


def capture_of(said: dict[str, Any], mime_type: str) -> Capture:
    """Return what was taken; raise UnsupportedMediaType for a type that is not kept here."""
    kept = (*IMAGE_ENDINGS, *VIDEO_ENDINGS)
    if mime_type not in kept:
        raise UnsupportedMediaType(mime_type)
    return Capture(
        filename=said["filename"],
        mime_type=mime_type,
        captured_at=said["capturedAt"],
        device_id=said.get("deviceId") or "",
        metadata=said.get("metadata") or {},
    )


def describe(pending: Pending) -> dict[str, Any]:
    """Return what waits as the phone reads it."""
    answer: dict[str, Any] = {
        "pendingCount": pending.count,
        "pendingTotalBytes": pending.total_bytes,
        "items": [_describe(item) for item in pending.items],
    }
    return {**answer, "cursor": str(pending.items[-1].pk)} if pending.has_more else answer


def _describe(item: GalleryItem) -> dict[str, Any]:
    return {
        "id": str(item.pk),
        "type": item.kind,
        "filename": item.filename,
        "mimeType": item.mime_type,
        "sizeBytes": item.size,
        "capturedAt": iso(item.captured_at),
        "uploadedAt": iso(item.stored_at or item.created_at),
        "downloadUrl": item_url(item),
        "metadata": item.metadata,
    }
