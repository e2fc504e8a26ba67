"""The REST routes of a person's own account, below /api/account/ (rest §8)."""

from django.urls import URLPattern, path

from accounts.api.own_account import MeView, PrivacyView, ProfileView
from apps_registry.api.consent import AskingAppView
from apps_registry.api.webview_tokens import GenerateWebviewTokenView
from sessions_app.api.account_data import (
    ConfirmDeletionView,
    DownloadExportView,
    ExportStatusView,
    RequestDeletionView,
    RequestExportView,
)

urlpatterns: list[URLPattern] = [
    path("me", MeView.as_view()),
    path("profile", ProfileView.as_view()),
    path("privacy", PrivacyView.as_view()),
    path("request-deletion", RequestDeletionView.as_view()),
    path("confirm-deletion", ConfirmDeletionView.as_view()),
    path("request-export", RequestExportView.as_view()),
    path("export-status", ExportStatusView.as_view()),
    path("download-export/<str:export_id>", DownloadExportView.as_view()),
    path("oauth/app/<str:package>", AskingAppView.as_view()),
    path("oauth/token", GenerateWebviewTokenView.as_view()),
]
