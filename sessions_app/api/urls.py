"""The REST routes of this room."""

from django.urls import URLPattern, path

from sessions_app.api.audio import ConfigureAudioView

app_name = "client"

urlpatterns: list[URLPattern] = [path("client/audio/configure", ConfigureAudioView.as_view())]
