"""Django application of people."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Connects the receivers and describes the tokens."""

    name = "accounts"

    def ready(self) -> None:
        from accounts import receivers  # noqa: F401
        from accounts.api import schema  # noqa: F401
