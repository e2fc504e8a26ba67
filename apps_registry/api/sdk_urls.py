"""What the SDKs of app servers call beside their socket (rest §6)."""

from django.urls import URLPattern, path, re_path

from apps_registry.api.storage import AllTextsView, TextView

urlpatterns: list[URLPattern] = [
    path("simple-storage/<str:user_id>", AllTextsView.as_view()),
    # A key may hold slashes and line ends, which arrive decoded.
    re_path(r"^simple-storage/(?P<user_id>[^/]+)/(?P<key>[\s\S]+)\Z", TextView.as_view()),
]
