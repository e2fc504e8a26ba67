"""End a session by hand."""

import json
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.management.database import explained_database_errors
from sessions_app.lifecycle.condemning import STUCK_AFTER_SECONDS
from sessions_app.lifecycle.disposal import end_session
from sessions_app.models import UserSession
from sessions_app.selectors import find_session_id, get_session_summary
from sessions_app.states import SessionState

POLL_SECONDS = 0.1


class Command(BaseCommand):
    """`dispose_session ID|EMAIL [--reason R]` ends the session and prints what it became, as JSON."""

    help = "End a session, given by its id or its user's e-mail address, and print it as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("session", metavar="ID|EMAIL")
        parser.add_argument("--reason", default="manual", help="kept in the session's history")

    def handle(self, *args: Any, session: str, reason: str, **options: Any) -> None:
        with explained_database_errors():
            session_id = find_session_id(session)
            if session_id is None:
                raise CommandError(f"{session} has no session to end. list_sessions shows those there are.")
            if not end_session(session_id, reason):
                _await_other(session_id)
            self.stdout.write(json.dumps(get_session_summary(session_id), indent=2))


def _await_other(session_id: str) -> None:
    """Wait for a worker that was at it already; a session that was over is no failure."""
    deadline = time.monotonic() + STUCK_AFTER_SECONDS
    while not UserSession.objects.filter(pk=session_id, state=SessionState.DISPOSED).exists():
        if time.monotonic() > deadline:
            raise CommandError(f"Session {session_id} is being disposed by a worker that does not finish.")
        time.sleep(POLL_SECONDS)
