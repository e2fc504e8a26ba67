"""The organizations one belongs to: the list, the page of each, leaving and deleting."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from accounts.errors import InvalidOrganization
from accounts.models import Membership, Organization, User
from accounts.rules import Right, Role, has_right, roles_given_by
from accounts.selectors import (
    default_organization,
    members_of,
    organizations_of,
    pending_invitations,
    roles_of,
)
from accounts.services import (
    choose_default_organization,
    create_organization,
    delete_organization,
    leave_organization,
    update_organization,
)
from apps_registry.models import App
from consoles.developer.deeds import ask, attempt
from consoles.developer.organization_forms import InvitationForm, NewOrganizationForm, ProfileForm

MOST_ROWS = 200


def organization_urls(site: AdminSite) -> list[URLPattern]:
    """Return the routes of the list and of one organization as such; members have theirs elsewhere."""

    def every(request: HttpRequest) -> HttpResponse:
        return _list(request, site)

    def one(request: HttpRequest, pk: int) -> HttpResponse:
        return (
            _change(request, site, pk) if request.method == "POST" else show_organization(request, site, pk)
        )

    def leave(request: HttpRequest, pk: int) -> HttpResponse:
        return _leave(request, site, pk)

    def delete(request: HttpRequest, pk: int) -> HttpResponse:
        return _delete(request, site, pk)

    return [
        path("organizations/", site.admin_view(every), name="organizations"),
        path("organizations/<int:pk>/", site.admin_view(one), name="organization"),
        path("organizations/<int:pk>/default/", site.admin_view(_choose), name="organization_default"),
        path("organizations/<int:pk>/leave/", site.admin_view(leave), name="organization_leave"),
        path("organizations/<int:pk>/delete/", site.admin_view(delete), name="organization_delete"),
    ]


def own_organization(request: HttpRequest, pk: int, right: Right = Right.VIEW) -> tuple[Organization, Role]:
    """Return an organization in which the visitor has `right`, and their role there; raise Http404."""
    membership = (
        Membership.objects.filter(user=cast(User, request.user), organization=pk)
        .select_related("organization")
        .first()
    )
    if membership is None or not has_right(Role(membership.role), right):
        raise Http404
    return membership.organization, Role(membership.role)


def show_organization(request: HttpRequest, site: AdminSite, pk: int, **forms: Any) -> TemplateResponse:
    """Answer with the page of an organization; `forms` are those that came back with errors."""
    organization, role = own_organization(request, pk)
    given = roles_given_by(role)
    members = list(members_of(organization)[:MOST_ROWS])
    owners = sum(member.role == Role.OWNER for member in members)
    context = {
        **site.each_context(request),
        "title": organization.name,
        "organization": organization,
        "role": role,
        "may_manage": has_right(role, Right.MANAGE),
        "may_invite": bool(given),
        "may_delete": has_right(role, Right.OWN),
        "may_leave": role is not Role.OWNER or owners > 1,
        "members": [_row(member, given, owners) for member in members],
        "given": [(choice.value, choice.capitalize()) for choice in given],
        "invitations": pending_invitations(organization)[:MOST_ROWS] if given else [],
        "has_apps": App.objects.filter(organization=organization).exists(),
        "profile": ProfileForm(
            initial={name: getattr(organization, name) for name in ProfileForm.base_fields}
        ),
        "invitation": InvitationForm(roles=given, initial={"role": Role.DEVELOPER}),
        **forms,
    }
    return TemplateResponse(request, "console/organization.html", context)


def _row(member: Membership, given: tuple[Role, ...], owners: int) -> dict[str, Any]:
    role = Role(member.role)
    is_last_owner = role is Role.OWNER and owners == 1
    return {"membership": member, "is_changeable": role in given and not is_last_owner}


def _list(request: HttpRequest, site: AdminSite) -> HttpResponse:
    user = cast(User, request.user)
    form = NewOrganizationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = create_organization(name=form.cleaned_data["name"], owner=user)
            return redirect("console:organization", made.pk)
        except InvalidOrganization as error:
            form.add_error(error.field, error.message)
    roles, default = roles_of(user), default_organization(user)
    context = {
        **site.each_context(request),
        "title": "Organizations",
        "rows": [
            {"organization": row, "role": roles[row.pk], "is_default": row == default}
            for row in _counted(organizations_of(user))[:MOST_ROWS]
        ],
        "form": form,
    }
    return TemplateResponse(request, "console/organizations.html", context)


def _counted(organizations: QuerySet[Organization]) -> QuerySet[Organization]:
    def count_of(rows: QuerySet[Any]) -> Coalesce:
        counts = rows.filter(organization=OuterRef("pk")).order_by().values("organization")
        return Coalesce(
            Subquery(counts.annotate(total=Count("pk")).values("total")), 0, output_field=IntegerField()
        )

    totals = {"member_total": count_of(Membership.objects.all()), "app_total": count_of(App.objects.all())}
    return organizations.annotate(**totals).order_by("name", "pk")


def _change(request: HttpRequest, site: AdminSite, pk: int) -> HttpResponse:
    organization, _ = own_organization(request, pk, Right.MANAGE)
    by = cast(User, request.user)
    form = ProfileForm(request.POST)
    if form.is_valid():
        try:
            update_organization(by=by, organization=organization, **form.cleaned_data)
        except InvalidOrganization as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, "The profile was saved.")
            return redirect(_page(pk))
    return show_organization(request, site, pk, profile=form)


def _choose(request: HttpRequest, pk: int) -> HttpResponse:
    organization, _ = own_organization(request, pk)
    if request.method == "POST":
        user = cast(User, request.user)
        attempt(
            request,
            lambda: choose_default_organization(user=user, organization=organization),
            f"New apps go to {organization} from now on.",
        )
    return redirect("console:organizations")


def _leave(request: HttpRequest, site: AdminSite, pk: int) -> HttpResponse:
    organization, _ = own_organization(request, pk)
    user = cast(User, request.user)
    if request.method != "POST":
        text = f"You lose sight of its apps. To come back, you need a new invitation from {organization}."
        return ask(request, site, f"Leave {organization}?", text=text, button="Leave", back=_page(pk))
    left = attempt(
        request, lambda: leave_organization(user=user, organization=organization), f"You left {organization}."
    )
    return redirect("console:organizations") if left else redirect(_page(pk))


def _delete(request: HttpRequest, site: AdminSite, pk: int) -> HttpResponse:
    organization, _ = own_organization(request, pk, Right.OWN)
    by = cast(User, request.user)
    if request.method != "POST":
        text = "Its members and invitations go with it. This cannot be undone."
        return ask(request, site, f"Delete {organization}?", text=text, button="Delete", back=_page(pk))
    name = organization.name
    deleted = attempt(
        request, lambda: delete_organization(by=by, organization=organization), f"{name} was deleted."
    )
    return redirect("console:organizations") if deleted else redirect(_page(pk))


def _page(pk: int) -> str:
    return reverse("console:organization", args=[pk])
