"""Which permission a stream needs (streams-and-permissions §2). Must not know who asks."""

from typing import Final

from sessions_app.protocol.permissions import PermissionType
from sessions_app.protocol.streams import StreamKey, StreamName

_PERMISSIONS: Final[dict[str, PermissionType]] = {
    StreamName.AUDIO_CHUNK: PermissionType.MICROPHONE,
    StreamName.TRANSCRIPTION: PermissionType.MICROPHONE,
    StreamName.TRANSLATION: PermissionType.MICROPHONE,
    StreamName.VAD: PermissionType.MICROPHONE,
    StreamName.LOCATION_UPDATE: PermissionType.LOCATION,
    StreamName.LOCATION_STREAM: PermissionType.LOCATION,
    StreamName.CALENDAR_EVENT: PermissionType.CALENDAR,
    StreamName.PHONE_NOTIFICATION: PermissionType.READ_NOTIFICATIONS,
    StreamName.PHONE_NOTIFICATION_DISMISSED: PermissionType.READ_NOTIFICATIONS,
    StreamName.PHOTO_RESPONSE: PermissionType.CAMERA,
    StreamName.PHOTO_TAKEN: PermissionType.CAMERA,
    StreamName.STREAM_STATUS: PermissionType.CAMERA,
    StreamName.RTMP_STREAM_STATUS: PermissionType.CAMERA,
    StreamName.MANAGED_STREAM_STATUS: PermissionType.CAMERA,
}


def stream_permission(stream: str) -> PermissionType | None:
    """Return the permission that events of a stream need, None for none (streams-and-permissions §2)."""
    return _PERMISSIONS.get(stream)


def required_permission(key: StreamKey) -> PermissionType | None:
    """Return the permission a subscription needs; `all` needs none, its events are judged one by one."""
    return _PERMISSIONS.get(key.stream)
