"""Install an app for a user, whatever its status."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.errors import AccountError
from accounts.management.database import explained_database_errors
from accounts.services import get_or_create_user
from apps_registry.errors import AppNotFound
from apps_registry.selectors import get_app
from apps_registry.services import install_app


class Command(BaseCommand):
    """`install_app PACKAGE --user EMAIL` prints `{"packageName","userId"}`; harmless when done before."""

    help = "Install the app PACKAGE for a user, creating the user if needed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("package", metavar="PACKAGE")
        parser.add_argument("--user", required=True, metavar="EMAIL")

    def handle(self, *args: Any, package: str, user: str, **options: Any) -> None:
        try:
            with explained_database_errors(), transaction.atomic():
                app = get_app(package)
                owner = get_or_create_user(email=user)
                install_app(user=owner, app=app, by_operator=True)
        except AppNotFound as error:
            raise CommandError(f"{error.message} Register it with create_app first.") from error
        except AccountError as error:
            raise CommandError(error.message) from error
        self.stdout.write(json.dumps({"packageName": app.package_name, "userId": owner.email}))
