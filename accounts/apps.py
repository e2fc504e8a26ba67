"""Django application of people."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Connects the receivers."""

    name = "accounts"

    def ready(self) -> None:
        from accounts import receivers  # noqa: F401
