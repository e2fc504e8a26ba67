"""Delete somebody's account and all that is kept about them."""

import json
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.management.database import explained_database_errors
from accounts.selectors import find_user
from accounts.services import lock_out_for_good
from sessions_app.people.leaving import delete_account

LONGEST_SECONDS = 30.0
POLL_SECONDS = 0.5


class Command(BaseCommand):
    """`delete_account EMAIL` prints `{"userId","deleted"}`; for people who ask operators instead of their phone."""

    help = "Close the account of EMAIL and delete all that is kept about them, for good. Nothing is asked."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="EMAIL")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        with explained_database_errors():
            user = find_user(email)
            if user is None:
                raise CommandError(f"Nobody has the address {email}.")
            pk, address = user.pk, user.email
            lock_out_for_good(user=user)
            deadline = time.monotonic() + LONGEST_SECONDS
            while not delete_account(pk):
                if time.monotonic() > deadline:
                    raise CommandError(
                        "The account is closed. Something does not end yet: a worker goes on each hour."
                    )
                time.sleep(POLL_SECONDS)
        self.stdout.write(json.dumps({"userId": address, "deleted": True}))
