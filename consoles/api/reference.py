"""The description of the API and the page on which people read it."""

from django.urls import URLPattern, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

reference_urls: list[URLPattern] = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("reference/", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="reference"),
]
