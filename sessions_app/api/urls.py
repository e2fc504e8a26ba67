"""The REST routes of this room."""

from django.urls import URLPattern, path

from sessions_app.api.audio import ConfigureAudioView
from sessions_app.api.speech import SpeechView
from sessions_app.api.transcripts import TranscriptView

app_name = "client"

urlpatterns: list[URLPattern] = [
    path("tts", SpeechView.as_view()),
    # An older name of the same, and left out of the description.
    path("audio/tts", SpeechView.as_view(schema=None)),
    path("client/audio/configure", ConfigureAudioView.as_view()),
    path("transcripts/<str:app_session_id>", TranscriptView.as_view()),
]
