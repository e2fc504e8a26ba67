"""Show the sessions, for people and scripts."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.management.database import explained_database_errors
from sessions_app.selectors import list_sessions


class Command(BaseCommand):
    """`list_sessions [--all] [--user EMAIL]` prints a JSON array, the newest session first."""

    help = "List sessions as JSON: those that are not over, or all."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="also those that are over")
        parser.add_argument("--user", metavar="EMAIL", help="only those of one user")

    def handle(self, *args: Any, user: str | None, **options: Any) -> None:
        with explained_database_errors():
            found = list_sessions(ended=options["all"], email=user and user.lower())
        self.stdout.write(json.dumps(found, indent=2))
