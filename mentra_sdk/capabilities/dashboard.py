"""A line or more on what the user sees when they look up (app-socket §7.2). Fire and forget."""

from collections.abc import Iterable

from mentra_sdk.outbox import Send
from mentra_sdk.wire import DashboardContentUpdate

MAIN_MODE = "main"
CONTENT = "dashboard content"


class Dashboard:
    """The app's content on the user's dashboard, where apps have their turns; it stays until the app stops."""

    def __init__(self, send: Send) -> None:
        self._send = send

    def show_text(self, text: str | Iterable[str]) -> None:
        """Put a text, or several lines, on the dashboard; it replaces what this app put there before.

        At most 2,000 characters.
        """
        content = text if isinstance(text, str) else "\n".join(text)
        self._send(DashboardContentUpdate(content=content, modes=[MAIN_MODE]), replaces=CONTENT)

    def clear(self) -> None:
        """Take this app's content from the dashboard."""
        self.show_text("")
