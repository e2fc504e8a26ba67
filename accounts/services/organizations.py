"""Making organizations and filling them with members."""

from django.db import transaction
from django.utils.text import slugify

from accounts.models import MAX_NAME_CHARACTERS, Membership, Organization, User
from accounts.rules import Role, normalize_email
from accounts.selectors import default_organization


@transaction.atomic
def create_organization(*, name: str, owner: User) -> Organization:
    """Create an organization owned by `owner`; it becomes the owner's default if they have none."""
    organization = Organization.objects.create(name=name.strip()[:MAX_NAME_CHARACTERS], slug=_free_slug(name))
    add_member(organization=organization, user=owner, role=Role.OWNER)
    if owner.default_organization_id is None:
        owner.default_organization = organization
        owner.save(update_fields=["default_organization"])
    return organization


def ensure_default_organization(*, user: User) -> Organization:
    """Return where new apps of `user` go, creating a personal organization when they belong to none."""
    return default_organization(user) or create_organization(name=user.name or user.email, owner=user)


def add_member(*, organization: Organization, user: User, role: Role) -> Membership:
    """Make `user` a member with `role`, or change the role of a member."""
    membership, _ = Membership.objects.update_or_create(
        organization=organization, user=user, defaults={"role": role}
    )
    return membership


def _free_slug(name: str) -> str:
    base = slugify(normalize_email(name).replace("@", "-at-"))[:60].strip("-_") or "organization"
    taken = set(Organization.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    candidates = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 2))
    return next(slug for slug in candidates if slug not in taken)
