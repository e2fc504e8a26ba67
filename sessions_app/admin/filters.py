"""Filters for lists that are too long to look for every value there is."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from sessions_app.models import AppRun, UserSession
from sessions_app.states import RunState

MOST_NODES = 50


class ChosenFilter(admin.SimpleListFilter):
    """Set by a link in the list, shown while it is set: there are too many values to choose from."""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        chosen = request.GET.get(self.parameter_name or "")
        return [(chosen, self.label_of(chosen))] if chosen else []

    def label_of(self, chosen: str) -> str:
        """Return how people call the chosen value."""
        return chosen

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(**{str(self.parameter_name): self.value()}) if self.value() else queryset


def filter_link(text: str, address: str = "", **query: str) -> SafeString:
    """Return a link that shows only what agrees with `query`."""
    return format_html('<a class="session-link" href="{}?{}">{}</a>', address, urlencode(query), text)


class NodeFilter(admin.SimpleListFilter):
    """Sessions of one node; those that own any are offered."""

    title = "node"
    parameter_name = "owner"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        owners = UserSession.objects.exclude(owner="").order_by("owner").values_list("owner", flat=True)
        return [(owner, owner) for owner in owners.distinct()[:MOST_NODES]]

    def queryset(self, request: HttpRequest, queryset: QuerySet[UserSession]) -> QuerySet[UserSession]:
        return queryset.filter(owner=self.value()) if self.value() else queryset


class AppFilter(ChosenFilter):
    """Sessions in which one app is not stopped."""

    title = "app"
    parameter_name = "app"

    def queryset(self, request: HttpRequest, queryset: QuerySet[UserSession]) -> QuerySet[UserSession]:
        if not self.value():
            return queryset
        runs = AppRun.objects.filter(package_name=self.value()).exclude(state=RunState.STOPPED)
        return queryset.filter(pk__in=runs.values("session"))


class UserFilter(ChosenFilter):
    """Sessions of one person, by e-mail address."""

    title = "user"
    parameter_name = "email"

    def queryset(self, request: HttpRequest, queryset: QuerySet[UserSession]) -> QuerySet[UserSession]:
        return queryset.filter(user__email=(self.value() or "").lower()) if self.value() else queryset
