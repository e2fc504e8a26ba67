"""Durable facts of the runtime: sessions, app runs, their transitions, hours, analytics events, words, photos."""

from sessions_app.models.analytics import AnalyticsEvent
from sessions_app.models.app_hour import AppHour
from sessions_app.models.app_run import AppRun
from sessions_app.models.camera_stream import CameraStream
from sessions_app.models.failed_job import FailedJob
from sessions_app.models.gallery_item import GalleryItem
from sessions_app.models.glasses_profile import GlassesProfile
from sessions_app.models.incident import Incident, IncidentAttachment, IncidentLog
from sessions_app.models.inspection import SocketMessage, UnrecordedSession, WebhookCall
from sessions_app.models.live_input import PhoneInput
from sessions_app.models.photo import AwaitedPhoto, Photo
from sessions_app.models.room import AppRoom, RoomMember
from sessions_app.models.session import UserSession
from sessions_app.models.transcript import TranscriptSegment
from sessions_app.models.transition import SessionTransition

__all__ = [
    "AnalyticsEvent",
    "AppHour",
    "AppRoom",
    "AppRun",
    "AwaitedPhoto",
    "CameraStream",
    "FailedJob",
    "GalleryItem",
    "GlassesProfile",
    "PhoneInput",
    "Incident",
    "IncidentAttachment",
    "IncidentLog",
    "Photo",
    "RoomMember",
    "SessionTransition",
    "SocketMessage",
    "TranscriptSegment",
    "UnrecordedSession",
    "UserSession",
    "WebhookCall",
]
