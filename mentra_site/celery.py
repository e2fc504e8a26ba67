"""The Celery application and the only place where periods of background work are written."""

import os
import warnings

from celery import Celery
from celery.exceptions import SecurityWarning
from celery.signals import worker_ready
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentra_site.settings.prod")
# It warns of pickled tasks run as root, as in most containers; ours are JSON and nothing else is accepted.
warnings.filterwarnings("ignore", category=SecurityWarning)
app = Celery("mentra_site")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_configure.connect
def schedule(sender: Celery, **_: object) -> None:
    """Tell beat what to run and how often; periods are seconds."""
    sender.conf.beat_schedule = {
        "dispose-expired-sessions": {
            "task": "sessions_app.tasks.dispose_expired_sessions",
            "schedule": settings.SWEEP_SECONDS,
            "options": {"expires": settings.SWEEP_SECONDS * 2},
        },
        "mark-lost-nodes": {
            "task": "sessions_app.tasks.mark_lost_nodes",
            "schedule": settings.SWEEP_SECONDS,
            "options": {"expires": settings.SWEEP_SECONDS * 2},
        },
        "worker-heartbeat": {
            "task": "sessions_app.tasks.worker_heartbeat",
            "schedule": 5.0,
            "options": {"expires": 10.0},
        },
        "forget-old-history": {
            "task": "sessions_app.tasks.forget_old_history",
            "schedule": 3600.0,
            "options": {"expires": 3600.0},
        },
    }


@worker_ready.connect
def report_for_duty(**_: object) -> None:
    """Have the new worker prove at once that it does jobs, instead of at beat's next round."""
    app.send_task("sessions_app.tasks.worker_heartbeat", expires=10.0)
