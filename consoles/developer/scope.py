"""What limits every page of the console to the organizations of whoever looks.

Rows of strangers are left out by the query itself; what a role may not do is neither shown nor possible.
"""

from typing import Any, cast

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse

from accounts.models import User
from accounts.rules import ROLES_WITH, Right
from accounts.selectors import organizations_of, roles_of


def may(request: HttpRequest, right: Right, organization_id: int | None = None) -> bool:
    """Say whether the visitor has `right` in an organization, or in any when none is named; one query a request."""
    if not request.user.is_authenticated:
        return False
    roles = getattr(request, "_console_roles", None)
    if roles is None:
        roles = roles_of(request.user)
        request._console_roles = roles  # type: ignore[attr-defined]
    named = roles.values() if organization_id is None else [roles.get(organization_id)]
    return any(role in ROLES_WITH[right] for role in named)


class OwnOrganizations:
    """Mixed into pages; `to_organization` leads from a row of the page to its organization."""

    to_organization = "organization"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)  # type: ignore[misc]
        return rows.filter(**{f"{self.to_organization}__members": request.user.pk})

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Leave out the deletion of many rows: its page cannot ask for the right in the organization of each."""
        actions: dict[str, Any] = super().get_actions(request)  # type: ignore[misc]
        return {name: action for name, action in actions.items() if name != "delete_selected"}

    def response_action(
        self, request: HttpRequest, queryset: QuerySet[Any], *place: Any, **named: Any
    ) -> HttpResponse | None:
        """Run an action on those of the chosen rows which the visitor may change."""
        allowed = organizations_of(cast(User, request.user), Right.DEVELOP)
        rows = queryset.filter(**{f"{self.to_organization}__in": allowed})
        answer: HttpResponse | None = super().response_action(request, rows, *place, **named)  # type: ignore[misc]
        return answer

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_authenticated

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._has(request, Right.VIEW, obj)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._has(request, Right.DEVELOP, obj)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._has(request, Right.DEVELOP, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._has(request, Right.MANAGE, obj)

    def _has(self, request: HttpRequest, right: Right, row: Any) -> bool:
        if row is None or row.pk is None:
            return may(request, right)
        for step in self.to_organization.split("__"):
            row = getattr(row, step)
        return may(request, right, row.pk)
