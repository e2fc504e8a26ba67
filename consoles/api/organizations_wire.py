"""An organization as programs read and write it (rest §10)."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Invitation, Membership, Organization
from accounts.rules import Role, to_wire_role
from accounts.selectors import with_people

WIRE_ROLES = ("admin", "member")


class PersonSerializer(serializers.Serializer[Any]):
    """A person, as the members of their organizations know them."""

    id = serializers.CharField(source="pk")
    email = serializers.CharField()
    displayName = serializers.CharField(source="name")


class MemberSerializer(serializers.Serializer[Any]):
    """Somebody who belongs to an organization. `role` is one of two, `exactRole` one of the four there are."""

    id = serializers.CharField(source="user_id", help_text="The `memberId` of the endpoints.")
    user = PersonSerializer()
    role = serializers.SerializerMethodField()
    exactRole = serializers.CharField(source="role")
    joinedAt = serializers.DateTimeField(source="created_at")

    @extend_schema_field(serializers.ChoiceField(choices=WIRE_ROLES))
    def get_role(self, member: Membership) -> str:
        """Return the role by the name programs know."""
        return to_wire_role(Role(member.role))


class InvitationSerializer(serializers.Serializer[Any]):
    """Somebody who may become a member. The token is in the mail and nowhere else."""

    email = serializers.CharField()
    role = serializers.SerializerMethodField()
    exactRole = serializers.CharField(source="role")
    invitedBy = PersonSerializer(source="invited_by", allow_null=True)
    invitedAt = serializers.DateTimeField(source="invited_at")
    expiresAt = serializers.DateTimeField(source="expires_at")
    emailSentCount = serializers.IntegerField(source="emails_sent")
    lastEmailSentAt = serializers.DateTimeField(source="last_email_at", allow_null=True)

    @extend_schema_field(serializers.ChoiceField(choices=WIRE_ROLES))
    def get_role(self, invitation: Invitation) -> str:
        """Return the offered role by the name programs know."""
        return to_wire_role(Role(invitation.role))


class ProfileSerializer(serializers.Serializer[Any]):
    """What an organization says of itself."""

    website = serializers.CharField(required=False, allow_blank=True)
    contactEmail = serializers.CharField(source="contact_email", required=False, allow_blank=True)
    description = serializers.CharField(required=False, allow_blank=True)
    logo = serializers.CharField(source="logo_url", required=False, allow_blank=True)


class OrganizationSerializer(serializers.Serializer[Any]):
    """An organization with its members and the invitations that wait; read it with `with_people`."""

    id = serializers.CharField(source="pk")
    name = serializers.CharField()
    slug = serializers.CharField()
    profile = ProfileSerializer(source="*")
    members = serializers.SerializerMethodField()
    pendingInvites = serializers.SerializerMethodField()
    createdAt = serializers.DateTimeField(source="created_at")

    @extend_schema_field(MemberSerializer(many=True))
    def get_members(self, organization: Organization) -> Any:
        """Return the members, strongest role first."""
        return MemberSerializer(organization.memberships.all(), many=True).data

    @extend_schema_field(InvitationSerializer(many=True))
    def get_pendingInvites(self, organization: Organization) -> Any:  # noqa: N802
        """Return the invitations that wait, newest first."""
        return InvitationSerializer(organization.invitations.all(), many=True).data


def tell(organization: Organization) -> Any:
    """Return `organization` as it is now, for the wire."""
    return OrganizationSerializer(with_people(Organization.objects.filter(pk=organization.pk)).get()).data


class OrganizationChangesSerializer(serializers.Serializer[Any]):
    """What may change of an organization. Keys that are not listed are passed over."""

    name = serializers.CharField(required=False)
    slug = serializers.CharField(required=False)
    profile = ProfileSerializer(required=False)


class NewOrganizationSerializer(serializers.Serializer[Any]):
    """What an organization is made with."""

    name = serializers.CharField()


class NewMemberSerializer(serializers.Serializer[Any]):
    """Who is invited, as what."""

    email = serializers.CharField()
    role = serializers.CharField(default="member", help_text="`admin` or `member`.")


class RoleSerializer(serializers.Serializer[Any]):
    """What a member shall be."""

    role = serializers.CharField(help_text="`admin` or `member`.")


class AddressSerializer(serializers.Serializer[Any]):
    """Whose invitation is meant."""

    email = serializers.CharField()
