"""What a person who registers an app gets at once: the app, a key for its server, and the app on their glasses."""

from typing import Unpack

from django.db import transaction
from django.utils import timezone

from accounts.models import Organization, User
from apps_registry.models import App, UrlCheck
from apps_registry.services.api_keys import create_api_key
from apps_registry.services.apps import AppDetails, register_app
from apps_registry.services.installations import install_app

FIRST_KEY = "first key"


def register_with_key(
    *, by: User, package_name: str, public_url: str, organization: Organization, **details: Unpack[AppDetails]
) -> tuple[App, str]:
    """Register an app of `by`, install it for them, and return it with the plain text of its first key: show it once.

    Raises what register_app raises, and TooManyRequests.
    """
    details["developer"] = by
    with transaction.atomic():
        app = register_app(
            package_name=package_name, public_url=public_url, organization=organization, **details
        )
        _, plain_key = create_api_key(app=app, name=FIRST_KEY)
        install_app(user=by, app=app)
    return app, plain_key


def note_url_check(*, app: App, outcome: str, said: str) -> UrlCheck:
    """Remember how the server of `app` answered just now."""
    facts = {"url": app.public_url, "outcome": outcome, "said": said[:300], "at": timezone.now()}
    check, _ = UrlCheck.objects.update_or_create(app=app, defaults=facts)
    return check
