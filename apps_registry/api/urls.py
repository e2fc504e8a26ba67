"""What phones, app servers and their pages ask to know people; mounted under both names of it (rest §3)."""

from django.urls import URLPattern, path

from accounts.api.exchange import ExchangeTokenView
from apps_registry.api.webview_proofs import GenerateUserTokenView, HashWithApiKeyView
from apps_registry.api.webview_tokens import (
    ExchangeStoreTokenView,
    ExchangeUserTokenView,
    GenerateWebviewTokenView,
)

urlpatterns: list[URLPattern] = [
    path("exchange-token", ExchangeTokenView.as_view()),
    path("exchange-user-token", ExchangeUserTokenView.as_view()),
    path("exchange-store-token", ExchangeStoreTokenView.as_view()),
    path("generate-webview-token", GenerateWebviewTokenView.as_view()),
    path("generate-webview-signed-user-token", GenerateUserTokenView.as_view()),
    path("hash-with-api-key", HashWithApiKeyView.as_view()),
]
