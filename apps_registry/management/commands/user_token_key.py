"""Print the public key by which apps verify signed user tokens."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps_registry.errors import SigningKeyMissing
from apps_registry.user_tokens import public_key_pem


class Command(BaseCommand):
    """`user_token_key`: the key as PEM and nothing else on stdout."""

    help = "Print the public key that app servers verify signed user tokens with."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.stdout.write(public_key_pem().strip())
        except SigningKeyMissing as problem:
            raise CommandError(problem.message) from problem
