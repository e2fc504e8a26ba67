"""What the runtime holds about a person, for the copy they may ask for."""

from typing import Any

from accounts.models import User
from sessions_app.media.photo_store import photo_url
from sessions_app.models import (
    AnalyticsEvent,
    AppRun,
    GalleryItem,
    Photo,
    SocketMessage,
    TranscriptSegment,
    WebhookCall,
)

Section = list[dict[str, Any]]


def sections_of(user: User) -> dict[str, Section]:
    """Return what is held, by section."""
    return _history(user) | _recorded(user) | _media(user) | _reports(user)


def _history(user: User) -> dict[str, Section]:
    return {
        "sessions": [
            {
                "id": str(row.pk),
                "state": row.state,
                "startedAt": row.started_at,
                "endedAt": row.disposed_at,
                "endedBecause": row.dispose_reason,
                "reconnects": row.reconnects,
                "apps": row.apps_used,
                "soundBytes": row.audio_bytes,
            }
            for row in user.sessions.order_by("started_at")
        ],
        "appRuns": [
            {
                "session": str(row.session_id),
                "packageName": row.package_name,
                "state": row.state,
                "subscriptions": row.subscriptions,
                "startedAt": row.started_at,
                "stoppedAt": row.stopped_at,
            }
            for row in AppRun.objects.filter(session__user=user).order_by("pk")
        ],
        "transcripts": [
            {
                "session": str(row.session_id),
                "language": row.language,
                "text": row.text,
                "startedAt": row.started_at,
                "endedAt": row.ended_at,
            }
            for row in TranscriptSegment.objects.filter(session__user=user).order_by("started_at", "pk")
        ],
    }


def _media(user: User) -> dict[str, Section]:
    return {
        "photos": [_photo(row) for row in Photo.objects.filter(user=user).order_by("created_at")],
        "glassesMedia": [
            {"filename": row.filename, "kind": row.kind, "bytes": row.size, "takenAt": row.captured_at}
            for row in GalleryItem.objects.filter(user=user).order_by("captured_at", "pk")
        ],
    }


def _reports(user: User) -> dict[str, Section]:
    return {
        "reports": [
            {
                "id": str(row.pk),
                "kind": row.kind,
                "said": row.said,
                "phoneState": row.phone_state,
                "reportedAt": row.created_at,
                "pictures": [picture.filename for picture in row.attachments.all()],
            }
            for row in user.incidents.prefetch_related("attachments").order_by("created_at")
        ]
    }


def _recorded(user: User) -> dict[str, Section]:
    return {
        "webhookCalls": [
            {"packageName": row.app.package_name, "kind": row.kind, "at": row.at, "body": row.request_body}
            for row in WebhookCall.objects.filter(user=user).select_related("app").order_by("pk")
        ],
        "appMessages": [
            {
                "packageName": row.app.package_name,
                "direction": row.direction,
                "type": row.type,
                "at": row.at,
                "payload": row.payload,
            }
            for row in SocketMessage.objects.filter(user=user).select_related("app").order_by("pk")
        ],
        "events": [
            {"name": row.name, "at": row.at, "properties": row.properties}
            for row in AnalyticsEvent.objects.filter(user_id=user.email).order_by("pk")
        ],
    }


def _photo(row: Photo) -> dict[str, Any]:
    return {
        "url": photo_url(row),
        "packageName": row.package_name,
        "takenAt": row.created_at,
        "bytes": row.size,
        "inGallery": row.in_gallery,
        "expiresAt": row.expires_at,
    }
