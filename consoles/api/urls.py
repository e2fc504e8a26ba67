"""All REST routes of this room: each once, each set of endpoints once for every kind of token that may use it."""

from typing import Any

from django.urls import URLPattern, URLResolver, include, path

from accounts.api.authentication import CliAuthentication, ConsoleAuthentication
from accounts.api.exchange import ExchangeTokenView
from apps_registry.api.webview_tokens import ExchangeStoreTokenView
from apps_registry.rules import StoreStatus
from consoles.api.account import AccountView
from consoles.api.admin_apps import (
    ApproveView,
    AppsWithStatusView,
    CheckView,
    RejectView,
    ReviewedAppView,
    SetVerificationView,
    StatsView,
)
from consoles.api.admin_node import DebugView, HeapSnapshotView, MemoryView
from consoles.api.app_settings import AppSettingsView, SettingsForServerView
from consoles.api.apps import (
    AnalyticsView,
    AppKeyView,
    AppsView,
    AppView,
    MoveAppView,
    PublishView,
    RegisterView,
)
from consoles.api.cli_keys import CliKeysView, CliKeyView
from consoles.api.incidents import ReportLogsView, ReportPictureView, ReportsView, ReportView
from consoles.api.legacy import DeveloperView, VisibilityView
from consoles.api.organizations import (
    AcceptView,
    MembersView,
    MemberView,
    OrganizationsView,
    OrganizationView,
    RescindView,
    ResendView,
)
from consoles.api.people_apps import (
    AppletsView,
    AvailableView,
    FindView,
    MyAppsView,
    MyInstalledView,
    StartAppView,
    StopAppView,
)
from consoles.api.permissions import PermissionsView
from consoles.api.pictures import PictureView, UploadView
from consoles.api.reference import reference_urls
from consoles.api.sharing import ShareView
from consoles.api.store import (
    InstalledView,
    InstallView,
    PublishedForMeView,
    PublishedView,
    SearchView,
    StoreAppView,
    StoreUserView,
    UninstallView,
)
from consoles.api.system_apps import (
    InvokeToolView,
    StartView,
    StopView,
    SystemAppsView,
    SystemAppToolsView,
    SystemToolsView,
    SystemToolView,
)
from sessions_app.api.versions import CloudVersionView

app_name = "api"

_CONSOLE: dict[str, Any] = {"authentication_classes": (ConsoleAuthentication,)}
_CLI: dict[str, Any] = {"authentication_classes": (CliAuthentication,)}


def app_urls(**mount: Any) -> list[URLPattern]:
    """Return the routes of apps, with what all their endpoints are mounted with."""
    return [
        path("apps", AppsView.as_view(**mount)),
        path("apps/<str:package>", AppView.as_view(**mount)),
        path("apps/<str:package>/api-key", AppKeyView.as_view(**mount)),
        path("apps/<str:package>/publish", PublishView.as_view(**mount)),
        path("apps/<str:package>/move", MoveAppView.as_view(**mount)),
        path("apps/<str:package>/analytics", AnalyticsView.as_view(**mount)),
    ]


def organization_urls(**mount: Any) -> list[URLPattern]:
    """Return the routes of organizations, with what all their endpoints are mounted with."""
    return [
        path("orgs", OrganizationsView.as_view(**mount)),
        path("orgs/accept/<str:token>", AcceptView.as_view(**mount)),
        path("orgs/<str:org_id>", OrganizationView.as_view(**mount)),
        path("orgs/<str:org_id>/members", MembersView.as_view(**mount)),
        path("orgs/<str:org_id>/members/<str:member_id>", MemberView.as_view(**mount)),
        path("orgs/<str:org_id>/invites/resend", ResendView.as_view(**mount)),
        path("orgs/<str:org_id>/invites/rescind", RescindView.as_view(**mount)),
    ]


_console: list[URLPattern] = [
    path("account", AccountView.as_view()),
    *app_urls(**_CONSOLE),
    *organization_urls(**_CONSOLE),
    path("cli-keys", CliKeysView.as_view()),
    path("cli-keys/<str:key_id>", CliKeyView.as_view()),
]

_BARE: dict[str, Any] = {**_CONSOLE, "bare": True}
_dev: list[URLPattern] = [
    path("auth/me", DeveloperView.as_view()),
    path("apps", AppsView.as_view(**_BARE)),
    path("apps/register", RegisterView.as_view(**_BARE)),
    path("apps/<str:package>", AppView.as_view(**_BARE)),
    path("apps/<str:package>/api-key", AppKeyView.as_view(**_BARE)),
    path("apps/<str:package>/publish", PublishView.as_view(**_BARE)),
    path("apps/<str:package>/move-org", MoveAppView.as_view(**_BARE)),
    path("apps/<str:package>/visibility", VisibilityView.as_view(**_BARE)),
    path("apps/<str:package>/share", ShareView.as_view()),
    path("images/upload", UploadView.as_view()),
    path("images/<str:image_id>", PictureView.as_view()),
]

_store: list[URLPattern] = [
    path("published-apps", PublishedView.as_view()),
    path("published-apps-loggedin", PublishedForMeView.as_view()),
    path("installed", InstalledView.as_view()),
    path("install/<str:package>", InstallView.as_view()),
    path("uninstall/<str:package>", UninstallView.as_view()),
    path("search", SearchView.as_view()),
    path("user/me", StoreUserView.as_view()),
    path("auth/exchange-token", ExchangeTokenView.as_view()),
    path("auth/exchange-store-token", ExchangeStoreTokenView.as_view()),
    path("<str:package>", StoreAppView.as_view()),
]

# Mounted at two addresses each, the older one left out of the description.
people_app_urls: list[URLPattern] = [
    path("", MyAppsView.as_view(schema=None)),
    path("public", PublishedView.as_view()),
    path("search", FindView.as_view()),
    path("installed", MyInstalledView.as_view()),
    path("available", AvailableView.as_view()),
    path("version", CloudVersionView.as_view()),
    path("install/<str:package>", InstallView.as_view()),
    path("uninstall/<str:package>", UninstallView.as_view()),
    path("<str:package>", StoreAppView.as_view()),
    path("<str:package>/start", StartAppView.as_view()),
    path("<str:package>/stop", StopAppView.as_view()),
]
app_settings_urls: list[URLPattern] = [
    path("user/<str:package>", SettingsForServerView.as_view()),
    path("<str:package>", AppSettingsView.as_view()),
]
_system_app: list[URLPattern] = [
    path("apps", SystemAppsView.as_view()),
    path("apps/<str:package>/tools", SystemAppToolsView.as_view()),
    path("apps/<str:package>/tool", SystemToolView.as_view()),
    path("tools", SystemToolsView.as_view()),
    path("invoke-tool", InvokeToolView.as_view()),
    path("<str:package>/start", StartView.as_view()),
    path("<str:package>/stop", StopView.as_view()),
]

_reports: list[URLPattern] = [
    path("incidents", ReportsView.as_view()),
    path("incidents/<str:incident_id>", ReportView.as_view()),
    path("incidents/<str:incident_id>/logs", ReportLogsView.as_view()),
    path("incidents/<str:incident_id>/attachments/<str:number>", ReportPictureView.as_view()),
]

_admin: list[URLPattern] = [
    path("check", CheckView.as_view()),
    path("apps/stats", StatsView.as_view()),
    path("apps/submitted", AppsWithStatusView.as_view(status=StoreStatus.SUBMITTED)),
    path("apps/published", AppsWithStatusView.as_view(status=StoreStatus.PUBLISHED)),
    path("apps/<str:package>", ReviewedAppView.as_view()),
    path("apps/<str:package>/approve", ApproveView.as_view()),
    path("apps/<str:package>/reject", RejectView.as_view()),
    path("apps/<str:package>/set-verification", SetVerificationView.as_view()),
    path("debug", DebugView.as_view()),
    path("memory/now", MemoryView.as_view()),
    path("memory/heap-snapshot", HeapSnapshotView.as_view()),
]

urlpatterns: list[URLPattern | URLResolver] = [
    *reference_urls,
    path("console/admin/", include(_reports)),
    path("console/", include(_console)),
    path("cli/", include([*app_urls(**_CLI), *organization_urls(**_CLI)])),
    path("dev/", include(_dev)),
    path("store/", include(_store)),
    path("sdk/system-app/", include(_system_app)),
    path("client/apps", AppletsView.as_view()),
    path("apps", MyAppsView.as_view()),
    path("apps/", include(people_app_urls)),
    path("appsettings/", include(app_settings_urls)),
    path("admin/", include(_admin)),
    path("permissions/<str:package>", PermissionsView.as_view()),
    *organization_urls(**_CONSOLE),
]
