"""All HTTP routes; each application's routes are mounted exactly once."""

from django.contrib import admin
from django.urls import path
from django.views.generic import RedirectView

admin.site.site_header = "Open Glasses Cloud"
admin.site.site_title = "Open Glasses Cloud"
admin.site.index_title = "Operators"

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/", admin.site.urls),
]

handler404 = "mentra_site.error_pages.not_found"
handler500 = "mentra_site.error_pages.server_error"
