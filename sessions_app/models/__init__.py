"""Durable facts of the runtime: sessions, app runs, their transitions, analytics events."""

from sessions_app.models.analytics import AnalyticsEvent
from sessions_app.models.app_run import AppRun
from sessions_app.models.session import UserSession
from sessions_app.models.transition import SessionTransition

__all__ = ["AnalyticsEvent", "AppRun", "SessionTransition", "UserSession"]
