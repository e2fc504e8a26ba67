"""Handing an app from one organization to another."""

from django.db import transaction

from accounts.audit import record
from accounts.errors import NotAllowed
from accounts.models import Organization, User
from accounts.rules import Right, has_right
from accounts.selectors import role_of
from apps_registry.errors import RegistryError
from apps_registry.models import App


@transaction.atomic
def move_app(*, by: User, app: App, organization: Organization) -> App:
    """Give `app` with all it has to another organization; its name, keys and installations stay as they are.

    Raises NotAllowed unless `by` manages the organization it leaves and develops in the one it comes to, and
    RegistryError when it is there already. What sessions know of an app does not depend on its organization.
    """
    app.refresh_from_db(from_queryset=App.objects.select_for_update())
    source = app.organization
    if not has_right(role_of(by, source.pk), Right.MANAGE):
        raise NotAllowed(f"To move {app.name} away takes the role owner or admin in {source.name}.")
    if not has_right(role_of(by, organization.pk), Right.DEVELOP):
        raise NotAllowed("You can move apps only to organizations in which you develop.")
    if source.pk == organization.pk:
        raise RegistryError("organization", f"{app.name} belongs to {organization.name} already.")
    app.organization = organization
    app.save(update_fields=["organization", "updated_at"])
    facts = {"before": {"organization": source.name}, "after": {"organization": organization.name}}
    # Members of either side find it in their history.
    for side in (source, organization):
        record("app.moved", app, organization=side, **facts)
    return app
