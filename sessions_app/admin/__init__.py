"""What operators see of sessions, and the one thing they do to them: dispose; and the profiles of glasses they write.

Everything else is read-only: rows of a session belong to its owner.
"""

from sessions_app.admin.events import AnalyticsEventAdmin
from sessions_app.admin.profiles import GlassesProfileAdmin
from sessions_app.admin.sessions import UserSessionAdmin

__all__ = ["AnalyticsEventAdmin", "GlassesProfileAdmin", "UserSessionAdmin"]
