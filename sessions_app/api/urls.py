"""The REST routes of this room."""

from django.urls import URLPattern, URLResolver, include, path

from apps_registry.api.onboarding import (
    CloudInstructionsView,
    OnboardingInstructionsView,
    OnboardingStatusView,
    OnboardView,
)
from apps_registry.api.public import PublicPermissionsView
from sessions_app.api.asg_files import receive_video, serve_item
from sessions_app.api.asg_gallery import (
    ImageUploadView,
    ItemView,
    PendingView,
    SyncedView,
    VideoCompleteView,
    VideoUploadUrlView,
)
from sessions_app.api.audio import ConfigureAudioView
from sessions_app.api.buttons import PressView, SystemPhotoView
from sessions_app.api.datetimes import SetDatetimeView
from sessions_app.api.device import DeviceStateView
from sessions_app.api.discovery import DiscoverUsersView
from sessions_app.api.feedback import ErrorReportView, FeedbackView
from sessions_app.api.gallery import GalleryPhotoView, GalleryView
from sessions_app.api.incidents import IncidentAttachmentsView, IncidentLogsView, IncidentsView
from sessions_app.api.live_inputs import InputStatusView, InputView, ProvisionView
from sessions_app.api.own_photos import OwnPhotoView, OwnUploadView, OwnWishView
from sessions_app.api.own_session import GoodbyeView, SessionHealthView
from sessions_app.api.phone_data import (
    CalendarView,
    DismissedView,
    LocationView,
    NotificationView,
    PollResponseView,
)
from sessions_app.api.phone_photos import GlassesUploadView, OutcomeView, WishView
from sessions_app.api.photo_uploads import RelayView, UploadView
from sessions_app.api.speaker_streams import SpeakerStreamView
from sessions_app.api.speech import SpeechView
from sessions_app.api.stream_outputs import OutputsView, OutputView
from sessions_app.api.tools import AppToolsView, CallToolView, UserToolsView
from sessions_app.api.transcripts import TranscriptView
from sessions_app.api.user_settings import UserSettingsView, UserSettingView
from sessions_app.api.versions import MinVersionView, SdkVersionView

app_name = "client"

urlpatterns: list[URLPattern | URLResolver] = [
    path("tts", SpeechView.as_view()),
    # An older name of the same, and left out of the description.
    path("audio/tts", SpeechView.as_view(schema=None)),
    path("client/min-version", MinVersionView.as_view()),
    path("client/user/settings", UserSettingsView.as_view()),
    path("client/user/settings/key/<str:key>", UserSettingView.as_view()),
    path("sdk/version", SdkVersionView.as_view()),
    path("audio/stream/<str:token>", SpeakerStreamView.as_view()),
    path("client/audio/configure", ConfigureAudioView.as_view()),
    path("client/device/state", DeviceStateView.as_view()),
    path("client/calendar", CalendarView.as_view()),
    path("client/location", LocationView.as_view()),
    path("client/location/poll-response/<str:correlation_id>", PollResponseView.as_view()),
    path("client/notifications", NotificationView.as_view()),
    path("client/notifications/dismissed", DismissedView.as_view()),
    path("client/session-health", SessionHealthView.as_view()),
    path("client/goodbye", GoodbyeView.as_view()),
    path("client/asg/gallery/upload", ImageUploadView.as_view()),
    path("client/asg/gallery/video-upload-url", VideoUploadUrlView.as_view()),
    path("client/asg/gallery/video-upload-complete", VideoCompleteView.as_view()),
    path("client/asg/gallery/pending", PendingView.as_view()),
    path("client/asg/gallery/mark-synced", SyncedView.as_view()),
    path("client/asg/gallery/uploads/<str:token>", receive_video),
    path("client/asg/gallery/files/<str:name>", serve_item),
    path("client/asg/gallery/<str:item_id>", ItemView.as_view()),
    path("transcripts/<str:app_session_id>", TranscriptView.as_view()),
    path("client/photo/response", OutcomeView.as_view()),
    path("client/miniapp-photo/request", WishView.as_view()),
    path("client/miniapp-sdk-photo/request", WishView.as_view()),
    path("client/miniapp-photo/upload/<str:request_id>", GlassesUploadView.as_view()),
    path("v2/client/photo/request", OwnWishView.as_view()),
    path("v2/client/photo/upload/<str:request_id>", OwnUploadView.as_view()),
    path("v2/client/photo/<str:request_id>", OwnPhotoView.as_view()),
    path("v2/client/streams/managed/provision", ProvisionView.as_view()),
    path("v2/client/streams/managed/<str:live_input_id>/status", InputStatusView.as_view()),
    path("v2/client/streams/managed/<str:live_input_id>", InputView.as_view()),
    path("streams/<str:stream_id>/outputs", OutputsView.as_view()),
    path("streams/<str:stream_id>/outputs/<str:output_id>", OutputView.as_view()),
    path("hardware/button-press", PressView.as_view()),
    path("hardware/system-photo-request/<str:request_id>", SystemPhotoView.as_view()),
    path("user-data/set-datetime", SetDatetimeView.as_view()),
    path("photos/relay/<str:token>", RelayView.as_view()),
    path("photos/upload", UploadView.as_view()),
    path("account/", include("sessions_app.api.account_urls")),
    path("instructions", CloudInstructionsView.as_view()),
    path("onboarding/status", OnboardingStatusView.as_view()),
    path("onboarding/complete", OnboardView.as_view()),
    path("onboarding/instructions", OnboardingInstructionsView.as_view()),
    path("public/permissions/<str:package>", PublicPermissionsView.as_view()),
    path("tools/apps/<str:package>/tools", AppToolsView.as_view()),
    path("tools/apps/<str:package>/tool", CallToolView.as_view()),
    path("tools/users/<str:user_id>/tools", UserToolsView.as_view()),
    path("app-communication/discover-users", DiscoverUsersView.as_view()),
    path("incidents", IncidentsView.as_view()),
    path("incidents/<str:incident_id>/logs", IncidentLogsView.as_view()),
    path("incidents/<str:incident_id>/attachments", IncidentAttachmentsView.as_view()),
    path("client/feedback", FeedbackView.as_view()),
    path("error-report", ErrorReportView.as_view()),
    path("gallery", GalleryView.as_view()),
    path("gallery/<str:photo_id>", GalleryPhotoView.as_view()),
]
