"""Print a core token for a user, creating the user if needed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.errors import InvalidEmail
from accounts.management.database import explained_database_errors
from accounts.services import get_or_create_user, make_operator
from accounts.tokens import issue_core_token

MAX_DAYS = 3650


class Command(BaseCommand):
    """`issue_token EMAIL [--days N] [--staff]`: the token and nothing else on stdout."""

    help = "Print a core token for EMAIL, creating the user if needed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("--days", type=int, metavar="N", help="How long the token lasts; default 60.")
        parser.add_argument("--staff", action="store_true", help="Also make the user an operator.")

    def handle(self, *args: Any, email: str, days: int | None, staff: bool, **options: Any) -> None:
        if days is not None and not 1 <= days <= MAX_DAYS:
            raise CommandError(f"--days must be between 1 and {MAX_DAYS}.")
        with explained_database_errors():
            self.stdout.write(_token(email, days, staff))


@transaction.atomic
def _token(email: str, days: int | None, staff: bool) -> str:
    try:
        user = get_or_create_user(email=email)
    except InvalidEmail as error:
        raise CommandError(error.message) from error
    if not user.is_active:
        raise CommandError(f"{user.email} is deactivated. Activate the user in the admin first.")
    if staff:
        make_operator(user=user)
    return issue_core_token(user, days=days)
