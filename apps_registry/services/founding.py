"""Everything that makes an app one's own in one step: the app, its first key, its installation."""

from typing import Unpack

from django.db import transaction

from accounts.models import Organization, User
from accounts.rules import Right, demand
from accounts.selectors import role_of
from apps_registry.models import App
from apps_registry.rules import PermissionType
from apps_registry.services.api_keys import create_api_key
from apps_registry.services.apps import AppDetails, register_app
from apps_registry.services.installations import install_app


@transaction.atomic
def found_app(
    *, by: User, organization: Organization, package_name: str, public_url: str, **details: Unpack[AppDetails]
) -> tuple[App, str]:
    """Register an app of `by`, install it for them, and return it with its first API key: show it once (rest §10).

    Without permissions it gets MICROPHONE. Raises NotAllowed, RegistryError, PackageNameTaken, TooManyRequests.
    """
    demand(role_of(by, organization.pk), Right.DEVELOP)
    details["developer"] = by
    if not details.get("permissions"):
        details["permissions"] = [PermissionType.MICROPHONE]
    app = register_app(package_name=package_name, public_url=public_url, organization=organization, **details)
    _, plain = create_api_key(app=app)
    install_app(user=by, app=app)
    return app, plain
