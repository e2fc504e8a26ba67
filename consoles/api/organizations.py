"""The organizations of whoever asks, their members and invitations (rest §10)."""

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.schema import DoneSerializer, refusals, wrapped
from accounts.api.views import asking_user, read_body
from accounts.models import Invitation, Membership, Organization
from accounts.rules import Role, from_wire_role, normalize_email
from accounts.selectors import members_of, organizations_of, pending_invitations, with_people
from accounts.services import (
    accept_invitation,
    change_role,
    create_organization,
    delete_organization,
    invite,
    remove_member,
    rescind_invitation,
    resend_invitation,
    update_organization,
)
from consoles.api.access import own_organization, read_id
from consoles.api.organizations_wire import (
    AddressSerializer,
    InvitationSerializer,
    NewMemberSerializer,
    NewOrganizationSerializer,
    OrganizationChangesSerializer,
    OrganizationSerializer,
    RoleSerializer,
    tell,
)
from consoles.api.views import ConsoleView

ONE = wrapped(OrganizationSerializer)


class OrganizationsView(ConsoleView):
    """All organizations of whoever asks."""

    @extend_schema(responses=wrapped(OrganizationSerializer, many=True))
    def get(self, request: Request) -> Response:
        """List your organizations."""
        own = with_people(organizations_of(asking_user(request)).order_by("pk"))
        return self.answer(OrganizationSerializer(own, many=True).data)

    @extend_schema(request=NewOrganizationSerializer, responses={201: ONE})
    def post(self, request: Request) -> Response:
        """Make an organization; you own it."""
        name = read_body(NewOrganizationSerializer, request)["name"]
        made = create_organization(name=name, owner=asking_user(request))
        return self.answer(tell(made), status.HTTP_201_CREATED)


class OrganizationView(ConsoleView):
    """One organization."""

    @extend_schema(responses={200: ONE, **refusals(404)})
    def get(self, request: Request, org_id: str) -> Response:
        """Read an organization with its members and invitations."""
        return self.answer(tell(own_organization(request, org_id)))

    @extend_schema(request=OrganizationChangesSerializer, responses={200: ONE, **refusals(403, 404)})
    def put(self, request: Request, org_id: str) -> Response:
        """Change what an organization says of itself; what is not named stays."""
        organization = own_organization(request, org_id)
        changes = read_body(OrganizationChangesSerializer, request)
        fields = {**changes.pop("profile", {}), **changes}
        changed = update_organization(by=asking_user(request), organization=organization, **fields)
        return self.answer(tell(changed))

    @extend_schema(responses={200: DoneSerializer, **refusals(400, 403, 404)})
    def delete(self, request: Request, org_id: str) -> Response:
        """Delete an organization that has no apps."""
        delete_organization(by=asking_user(request), organization=own_organization(request, org_id))
        return Response({"success": True})


class MembersView(ConsoleView):
    """Those who belong to an organization."""

    @extend_schema(
        request=NewMemberSerializer,
        responses={201: wrapped(InvitationSerializer), **refusals(403, 404, 409, 429, 502)},
    )
    def post(self, request: Request, org_id: str) -> Response:
        """Invite somebody by mail."""
        organization = own_organization(request, org_id)
        wanted = read_body(NewMemberSerializer, request)
        made = invite(
            by=asking_user(request),
            organization=organization,
            email=wanted["email"],
            role=from_wire_role(wanted["role"]),
        )
        return self.answer(InvitationSerializer(made).data, status.HTTP_201_CREATED)


class MemberView(ConsoleView):
    """One member."""

    @extend_schema(request=RoleSerializer, responses={200: ONE, **refusals(403, 404)})
    def patch(self, request: Request, org_id: str, member_id: str) -> Response:
        """Give a member another role."""
        organization = own_organization(request, org_id)
        membership = _member(organization, member_id)
        role = from_wire_role(read_body(RoleSerializer, request)["role"], Role(membership.role))
        change_role(by=asking_user(request), membership=membership, role=role)
        return self.answer(tell(organization))

    @extend_schema(responses={200: DoneSerializer, **refusals(400, 403, 404)})
    def delete(self, request: Request, org_id: str, member_id: str) -> Response:
        """Remove a member."""
        membership = _member(own_organization(request, org_id), member_id)
        remove_member(by=asking_user(request), membership=membership)
        return Response({"success": True})


class ResendView(ConsoleView):
    """Another mail."""

    @extend_schema(request=AddressSerializer, responses={200: DoneSerializer, **refusals(403, 404, 429, 502)})
    def post(self, request: Request, org_id: str) -> Response:
        """Mail an invitation once more, with a new link."""
        resend_invitation(by=asking_user(request), invitation=_invitation(request, org_id))
        return Response({"success": True})


class RescindView(ConsoleView):
    """An end."""

    @extend_schema(request=AddressSerializer, responses={200: DoneSerializer, **refusals(403, 404)})
    def post(self, request: Request, org_id: str) -> Response:
        """Take an invitation back."""
        rescind_invitation(by=asking_user(request), invitation=_invitation(request, org_id))
        return Response({"success": True})


class AcceptView(ConsoleView):
    """A yes."""

    @extend_schema(request=None, responses={200: ONE, **refusals(400, 403, 404, 409)})
    def post(self, request: Request, token: str) -> Response:
        """Become a member as an invitation to your address says."""
        membership = accept_invitation(user=asking_user(request), token=token)
        return self.answer(tell(membership.organization))


def _member(organization: Organization, member_id: str) -> Membership:
    pk = read_id(member_id)
    row = None if pk is None else members_of(organization).filter(user=pk).first()
    if row is None:
        raise NotFound("There is no such member.")
    return row


def _invitation(request: Request, org_id: str) -> Invitation:
    organization = own_organization(request, org_id)
    address = normalize_email(read_body(AddressSerializer, request)["email"])
    found = pending_invitations(organization).filter(email=address).first()
    if found is None:
        raise NotFound("Nobody with this address is invited.")
    return found
