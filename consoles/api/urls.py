"""All REST routes of this room: each once, each set of endpoints once for every kind of token that may use it."""

from typing import Any

from django.urls import URLPattern, URLResolver, include, path

from accounts.api.authentication import CliAuthentication, ConsoleAuthentication
from consoles.api.account import AccountView
from consoles.api.apps import AppKeyView, AppsView, AppView, MoveAppView
from consoles.api.cli_keys import CliKeysView, CliKeyView
from consoles.api.organizations import (
    AcceptView,
    MembersView,
    MemberView,
    OrganizationsView,
    OrganizationView,
    RescindView,
    ResendView,
)
from consoles.api.reference import reference_urls

app_name = "api"

_CONSOLE: dict[str, Any] = {"authentication_classes": (ConsoleAuthentication,)}
_CLI: dict[str, Any] = {"authentication_classes": (CliAuthentication,)}


def app_urls(**mount: Any) -> list[URLPattern]:
    """Return the routes of apps, with what all their endpoints are mounted with."""
    return [
        path("apps", AppsView.as_view(**mount)),
        path("apps/<str:package>", AppView.as_view(**mount)),
        path("apps/<str:package>/api-key", AppKeyView.as_view(**mount)),
        path("apps/<str:package>/move", MoveAppView.as_view(**mount)),
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

urlpatterns: list[URLPattern | URLResolver] = [
    *reference_urls,
    path("console/", include(_console)),
    path("cli/", include([*app_urls(**_CLI), *organization_urls(**_CLI)])),
    *organization_urls(**_CONSOLE),
]
