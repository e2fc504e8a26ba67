"""What of whose: every row an endpoint touches is looked up here, strangers' rows left out by the query."""

from rest_framework.exceptions import NotFound
from rest_framework.request import Request

from accounts.api.views import asking_user
from accounts.errors import NotAllowed
from accounts.models import Organization
from accounts.rules import Right, demand
from accounts.selectors import organizations_of, role_of
from accounts.services import ensure_default_organization
from apps_registry.errors import AppNotFound
from apps_registry.models import App
from apps_registry.rules import is_package_name
from apps_registry.selectors import apps_of
from consoles.api.apps_wire import for_the_wire

ORGANIZATION_HEADER = "x-org-id"
MOST_ID_DIGITS = 18


def own_app(request: Request, package: str, right: Right = Right.VIEW) -> App:
    """Return an app of whoever asks; raise AppNotFound for a stranger's, NotAllowed when their role lacks `right`."""
    user = asking_user(request)
    rows = for_the_wire(apps_of(user)).filter(package_name=package)
    app = rows.first() if is_package_name(package) else None
    if app is None:
        raise AppNotFound(package[:200])
    demand(role_of(user, app.organization_id), right)
    return app


def own_organization(request: Request, org_id: str) -> Organization:
    """Return an organization of whoever asks; 404 for a stranger's. What they may do there the services decide."""
    organization = _find(request, org_id)
    if organization is None:
        raise NotFound("There is no such organization.")
    return organization


def chosen_organization(request: Request, named: object = None) -> Organization | None:
    """Return the organization a request is about, named by its body, query or header, if it is by any.

    Raises NotAllowed for one that whoever asks does not belong to.
    """
    named = named or request.query_params.get("orgId") or request.headers.get(ORGANIZATION_HEADER)
    if not named:
        return None
    organization = _find(request, str(named))
    if organization is None:
        raise NotAllowed("You do not belong to this organization.")
    return organization


def home_organization(request: Request, named: object = None) -> Organization:
    """Return where a new app goes: the organization named by the request, else the default one of whoever asks.

    Raises NotAllowed where they do not develop.
    """
    user = asking_user(request)
    organization = chosen_organization(request, named) or ensure_default_organization(user=user)
    demand(role_of(user, organization.pk), Right.DEVELOP)
    return organization


def read_id(text: str) -> int | None:
    """Return the id that a path or a body holds, or None for what can be none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_ID_DIGITS else None


def _find(request: Request, org_id: str) -> Organization | None:
    pk = read_id(org_id)
    return None if pk is None else organizations_of(asking_user(request)).filter(pk=pk).first()
