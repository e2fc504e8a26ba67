"""Making, changing and deleting organizations."""

from typing import TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.text import slugify

from accounts.audit import record
from accounts.errors import InvalidOrganization, NotAllowed, OrganizationInUse
from accounts.models import MAX_NAME_CHARACTERS, Membership, Organization, User
from accounts.rules import Right, Role, demand, normalize_email, read_organization
from accounts.selectors import default_organization, is_member, role_of


class OrganizationChanges(TypedDict, total=False):
    """What an organization says about itself; each value is checked by the rules."""

    name: str
    slug: str
    website: str
    logo_url: str
    contact_email: str
    description: str


@transaction.atomic
def create_organization(*, name: str, owner: User) -> Organization:
    """Create an organization owned by `owner`; it becomes the owner's default if they have none.

    Raises InvalidOrganization.
    """
    read = read_organization({"name": name})["name"]
    organization = Organization.objects.create(name=read, slug=_free_slug(read))
    Membership.objects.create(organization=organization, user=owner, role=Role.OWNER)
    if owner.default_organization_id is None:
        choose_default_organization(user=owner, organization=organization)
    record("organization.created", organization, organization=organization, after={"name": read})
    return organization


def ensure_default_organization(*, user: User) -> Organization:
    """Return where new apps of `user` go, creating a personal organization when they belong to none."""
    name = user.name.strip() if user.name.isprintable() else ""
    return default_organization(user) or create_organization(
        name=(name or user.email)[:MAX_NAME_CHARACTERS], owner=user
    )


@transaction.atomic
def update_organization(
    *, by: User, organization: Organization, **changes: Unpack[OrganizationChanges]
) -> Organization:
    """Change the named fields of `organization`; raise NotAllowed or InvalidOrganization."""
    demand(role_of(by, organization.pk), Right.MANAGE)
    fields = read_organization(changes)
    organization.refresh_from_db(from_queryset=Organization.objects.select_for_update())
    before = {field: getattr(organization, field) for field in fields}
    for field, value in fields.items():
        setattr(organization, field, value)
    try:
        organization.save(update_fields=list(fields))
    except IntegrityError as error:
        raise InvalidOrganization("slug", f"{fields['slug']} is taken. Choose another one.") from error
    if before != fields:
        record("organization.updated", organization, organization=organization, before=before, after=fields)
    return organization


@transaction.atomic
def delete_organization(*, by: User, organization: Organization) -> None:
    """Delete `organization` with its memberships and invitations; members fall back to another default.

    Raises NotAllowed, and OrganizationInUse while it has apps.
    """
    demand(role_of(by, organization.pk), Right.OWN)
    record("organization.deleted", organization, before={"name": organization.name})
    try:
        organization.delete()
    except ProtectedError as error:
        raise OrganizationInUse(
            f"{organization.name} still has apps. Delete them or move them to another organization first."
        ) from error


def choose_default_organization(*, user: User, organization: Organization) -> None:
    """Let new apps of `user` go to `organization`; raise NotAllowed for one they do not belong to."""
    if not is_member(user, organization.pk):
        raise NotAllowed("You do not belong to this organization.")
    user.default_organization = organization
    user.save(update_fields=["default_organization"])


def _free_slug(name: str) -> str:
    base = slugify(normalize_email(name).replace("@", "-at-"))[:60].strip("-_") or "organization"
    taken = set(Organization.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    candidates = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 2))
    return next(slug for slug in candidates if slug not in taken)
