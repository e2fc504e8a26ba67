"""Register or update an app and make it a key."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.errors import AccountError
from accounts.management.database import explained_database_errors
from accounts.services import ensure_default_organization, get_or_create_user
from apps_registry.errors import RegistryError
from apps_registry.models import App
from apps_registry.rules import AppType, StoreStatus
from apps_registry.selectors import find_app
from apps_registry.services import AppDetails, create_api_key, register_app, update_app

KEY_NAME = "create_app"


class Command(BaseCommand):
    """Prints `{"packageName","apiKey","webhookSecret","publicUrl"}`; run again, it updates what is named."""

    help = "Register an app, or update the named parts of an existing one, and print a new key as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        types = [AppType.STANDARD.value, AppType.BACKGROUND.value]
        parser.add_argument("package", metavar="PACKAGE", help="Such as com.example.myapp.")
        parser.add_argument("--url", required=True, metavar="URL", help="Base address of the app's server.")
        parser.add_argument("--name", metavar="N", help="Shown to users.")
        parser.add_argument("--type", choices=types, help="Default: background.")
        parser.add_argument(
            "--permission", action="append", metavar="P", help="Such as MICROPHONE; may be repeated."
        )
        parser.add_argument("--owner", metavar="EMAIL", help="The developer; created if needed.")
        parser.add_argument("--public", action="store_true", help="Publish it: everybody may install it.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with explained_database_errors(), transaction.atomic():
                app = _register_or_update(options)
                _, plain_key = create_api_key(app=app, name=KEY_NAME)
        except (RegistryError, AccountError) as error:
            raise CommandError(error.message) from error
        answer = {
            "packageName": app.package_name,
            "apiKey": plain_key,
            "webhookSecret": app.webhook_secret,
            "publicUrl": app.public_url,
        }
        self.stdout.write(json.dumps(answer))


def _register_or_update(options: dict[str, Any]) -> App:
    details: AppDetails = {}
    if options["name"] is not None:
        details["name"] = options["name"]
    if options["type"] is not None:
        details["app_type"] = options["type"]
    if options["permission"] is not None:
        details["permissions"] = options["permission"]
    if options["public"]:
        details["store_status"] = StoreStatus.PUBLISHED
    app = find_app(options["package"])
    if app is not None and options["owner"] is None:
        return update_app(app=app, public_url=options["url"], **details)
    owner = get_or_create_user(email=options["owner"] or settings.DEMO_DEVELOPER_EMAIL)
    details["developer"] = owner
    home = ensure_default_organization(user=owner)
    if app is not None:
        return update_app(app=app, public_url=options["url"], organization=home, **details)
    return register_app(
        package_name=options["package"], public_url=options["url"], organization=home, **details
    )
