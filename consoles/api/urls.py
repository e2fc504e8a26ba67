"""All REST routes of this room, each mounted once."""

from django.urls import URLPattern, URLResolver

from consoles.api.reference import reference_urls

app_name = "api"
urlpatterns: list[URLPattern | URLResolver] = [*reference_urls]
