"""What operators see of sessions, and the one thing they do to them: dispose.

Everything else is read-only: rows of a session belong to its owner.
"""

from sessions_app.admin.events import AnalyticsEventAdmin
from sessions_app.admin.sessions import UserSessionAdmin

__all__ = ["AnalyticsEventAdmin", "UserSessionAdmin"]
