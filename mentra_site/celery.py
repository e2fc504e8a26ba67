"""The Celery application and the only place where periods of background work are written."""

import os
import threading
import time
import warnings
from functools import cached_property
from typing import Any

from celery import Celery
from celery.exceptions import SecurityWarning
from celery.signals import worker_ready
from django.conf import settings
from kombu.exceptions import OperationalError as BrokerAway

from sessions_app.outages import redis_outage

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentra_site.settings.prod")
# Before it works, a worker would load every page to look for mistakes in the code; `make lint` has done that.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")
# It warns of pickled tasks run as root, as in most containers; ours are JSON and nothing else is accepted.
warnings.filterwarnings("ignore", category=SecurityWarning)
REPORT_SECONDS = 5.0
COUNTING_SECONDS = 60.0
LOOKING_SECONDS = 60.0
IDLE_INPUTS_SECONDS = 300.0
INCIDENT_SECONDS = 10.0
_REPORTER = "reporter"


class CloudCelery(Celery):
    """Celery with a clock of ours."""

    @cached_property
    def Beat(self) -> type:
        """Return the class of the process that `celery beat` runs."""
        from mentra_site.beat import Clock

        return self.subclass_with_self(Clock)


app = CloudCelery("mentra_site")
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
        "end-room-memberships": {
            "task": "sessions_app.tasks.end_room_memberships",
            "schedule": settings.SWEEP_SECONDS,
            "options": {"expires": settings.SWEEP_SECONDS * 2},
        },
        "collect-incidents": {
            "task": "sessions_app.tasks.collect_incidents",
            "schedule": INCIDENT_SECONDS,
            "options": {"expires": INCIDENT_SECONDS},
        },
        "count-hours-of-apps": {
            "task": "sessions_app.tasks.count_hours_of_apps",
            "schedule": COUNTING_SECONDS,
            "options": {"expires": COUNTING_SECONDS},
        },
        **_server_checks(),
        "remove-idle-live-inputs": {
            "task": "sessions_app.tasks.remove_idle_live_inputs",
            "schedule": IDLE_INPUTS_SECONDS,
            "options": {"expires": IDLE_INPUTS_SECONDS},
        },
        "sweep-live-streams": {
            "task": "sessions_app.tasks.sweep_live_streams",
            "schedule": IDLE_INPUTS_SECONDS,
            "options": {"expires": IDLE_INPUTS_SECONDS},
        },
        "forget-old-history": {
            "task": "sessions_app.tasks.forget_old_history",
            "schedule": 3600.0,
            "options": {"expires": 3600.0},
        },
    }


def _server_checks() -> dict[str, Any]:
    if not settings.SERVER_CHECK_SECONDS:
        return {}
    task = "sessions_app.tasks.check_app_servers"
    options = {"expires": LOOKING_SECONDS}
    return {"check-app-servers": {"task": task, "schedule": LOOKING_SECONDS, "options": options}}


@worker_ready.connect
def report_for_duty(**_: object) -> None:
    """Have a worker prove from now on that it takes and does jobs, with beat or without; once per process."""
    if not any(thread.name == _REPORTER for thread in threading.enumerate()):
        threading.Thread(target=_report, name=_REPORTER, daemon=True).start()


def _report() -> None:
    while True:
        try:
            app.send_task("sessions_app.tasks.worker_heartbeat", expires=REPORT_SECONDS * 2)
        except (BrokerAway, OSError) as problem:
            redis_outage.seen(problem)
        time.sleep(REPORT_SECONDS)
