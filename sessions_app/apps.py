"""Django application of the runtime."""

from django.apps import AppConfig


class SessionsAppConfig(AppConfig):
    name = "sessions_app"
    verbose_name = "Sessions"

    def ready(self) -> None:
        """Listen to the catalogue."""
        from sessions_app import receivers  # noqa: F401
        from sessions_app.failed_jobs import recording  # noqa: F401
