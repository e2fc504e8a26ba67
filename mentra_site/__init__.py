"""Wiring: settings, routes, the clock of periodic work. Holds no rule and no model."""

from mentra_site.celery import app as celery_app

__all__ = ["celery_app"]
