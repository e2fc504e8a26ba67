"""A line or more on what the user sees when they look up (app-socket §7.2). Fire and forget."""

from mentra_sdk.outbox import Send
from mentra_sdk.wire import DashboardContentUpdate

MAIN_MODE = "main"


class Dashboard:
    """The app's content on the user's dashboard, where apps have their turns; it stays until the app stops."""

    def __init__(self, send: Send) -> None:
        self._send = send

    def show_text(self, text: str) -> None:
        """Put text on the dashboard, in place of what this app put there before; at most 2,000 characters."""
        self._send(DashboardContentUpdate(content=text, modes=[MAIN_MODE]))

    def clear(self) -> None:
        """Take this app's content from the dashboard."""
        self.show_text("")
