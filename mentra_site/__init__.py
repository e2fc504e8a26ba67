"""Wiring: settings, routes, the clock of periodic work. Holds no rule and no model."""

from mentra_site.celery import app as celery_app
from mentra_site.loading import begin_loading

begin_loading()

__all__ = ["celery_app"]
