"""What the operators' sidebar holds, in groups. An entry is shown to those who may see its page."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse_lazy


def _may(permission: str) -> Callable[[HttpRequest], bool]:
    return lambda request: request.user.has_perm(permission)


def _page(title: str, icon: str, name: str, permission: str, badge: str = "") -> dict[str, Any]:
    entry = {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(f"admin:{name}"),
        "permission": _may(permission),
    }
    return entry | ({"badge": f"consoles.operator.{badge}"} if badge else {})


def _table(title: str, icon: str, model: str, badge: str = "") -> dict[str, Any]:
    app_label, name = model.split(".")
    return _page(title, icon, f"{app_label}_{name}_changelist", f"{app_label}.view_{name}", badge)


OPERATORS_SIDEBAR: list[dict[str, Any]] = [
    {"items": [{"title": "Overview", "icon": "monitoring", "link": reverse_lazy("admin:index")}]},
    {
        "title": "People",
        "items": [
            _table("Users", "person", "accounts.user"),
            _table("Organizations", "groups", "accounts.organization"),
            _table("CLI keys", "terminal", "accounts.clikey"),
            _table("Revoked tokens", "lock", "accounts.revokedtoken"),
        ],
    },
    {
        "title": "Apps",
        "items": [
            _page("Review", "rate_review", "review", "apps_registry.view_app", "review_pages.waiting_badge"),
            _table("Apps", "apps", "apps_registry.app"),
            _table("API keys", "key", "apps_registry.apikey"),
            _table("Installations", "download", "apps_registry.installation"),
        ],
    },
    {
        "title": "Sessions",
        "items": [
            _table("Sessions", "eyeglasses", "sessions_app.usersession"),
            _table("Glasses", "eyeglasses_2", "sessions_app.glassesprofile"),
            _table("Reports", "report", "sessions_app.incident"),
            _table("Analytics events", "bar_chart", "sessions_app.analyticsevent"),
        ],
    },
    {
        "title": "System",
        "items": [
            _page("Nodes", "dns", "nodes", "sessions_app.view_usersession"),
            _page("Speech", "graphic_eq", "speech", "sessions_app.view_usersession"),
            _page("Live video", "videocam", "live_video", "sessions_app.view_usersession"),
            _table("Failed jobs", "running_with_errors", "sessions_app.failedjob", "job_pages.failed_badge"),
            _table("Audit log", "history", "accounts.auditentry"),
        ],
    },
]
