"""All HTTP routes; each application's routes are mounted exactly once."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from apps_registry.public_keys import serve_public_keys
from consoles.api.people_apps import MyAppsView
from consoles.api.urls import app_settings_urls, people_app_urls
from consoles.developer.site import developer_site
from consoles.registering import register_pages
from sessions_app.api.feedback import ErrorReportView
from sessions_app.api.gallery import serve_upload

register_pages()
urlpatterns = [
    path("", RedirectView.as_view(pattern_name="console:index")),
    path("api/", include("consoles.api.urls")),
    path("api/", include("sessions_app.api.urls")),
    path("api/auth/", include("apps_registry.api.urls")),
    path("api/sdk/", include("apps_registry.api.sdk_urls")),
    path("auth/", include("apps_registry.api.urls")),
    path("apps", MyAppsView.as_view()),
    path("apps/", include(people_app_urls)),
    path("appsettings/", include(app_settings_urls)),
    path("tpasettings/", include(app_settings_urls)),
    path(".well-known/jwks.json", serve_public_keys),
    path("app/error-report", ErrorReportView.as_view(schema=None)),
    path("console/", developer_site.urls),
    path("uploads/<str:name>", serve_upload),
    path("media/", include("apps_registry.pictures")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]

handler404 = "mentra_site.error_pages.not_found"
handler500 = "mentra_site.error_pages.server_error"
