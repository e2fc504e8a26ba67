"""Django application of the pages."""

from django.apps import AppConfig


class ConsolesConfig(AppConfig):
    """Connects the receivers."""

    name = "consoles"

    def ready(self) -> None:
        from consoles import receivers  # noqa: F401
