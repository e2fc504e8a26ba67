"""Beat, the clock of the cloud: it goes on while Redis is away, says so once, and shows that it lives.

It knows jobs by their names only and loads neither them nor a model.
"""

import logging
import time
from pathlib import Path
from typing import Any

from celery import current_app
from celery.apps.beat import Beat
from celery.beat import PersistentScheduler, SchedulingError
from django.conf import settings
from django.utils.log import configure_logging
from redis.exceptions import RedisError

from sessions_app.outages import redis_outage
from sessions_app.outbound.redis import blocking_redis, key
from sessions_app.outbound.signs_of_life import BEAT_SIGN_SECONDS, longest_silence_of_beat

logger = logging.getLogger(__name__)

HEARTBEAT = ("beat", "heartbeat")


class Clock(Beat):
    """The process."""

    def init_loader(self) -> None:
        """Prepare what a clock needs, in place of all applications."""
        configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)
        current_app.finalize()


class Scheduler(PersistentScheduler):
    """Sends what is due; a round that cannot be sent is left out, for the next one does its work too."""

    _shown_at = float("-inf")

    def __init__(self, *args: Any, schedule_filename: str, **kwargs: Any) -> None:
        self._file = schedule_filename
        super().__init__(*args, schedule_filename=schedule_filename, **kwargs)

    def setup_schedule(self) -> None:
        """Read when each job ran last; a file that cannot be understood is begun anew instead of ending the cloud."""
        try:
            super().setup_schedule()
        except Exception:
            logger.exception("The schedule in %s cannot be read and is begun anew", self._file)
            for suffix in self.known_suffixes:
                Path(self._file + suffix).unlink(missing_ok=True)
            super().setup_schedule()

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Show that the clock goes, send what is due, return the seconds until there is more."""
        self._show_life()
        pause: float = super().tick(*args, **kwargs)
        return pause

    def apply_entry(self, entry: Any, producer: Any = None) -> None:
        """Have a worker do one job."""
        try:
            self.apply_async(entry, producer=producer, advance=False)
        except SchedulingError as problem:
            redis_outage.seen(problem)
        else:
            redis_outage.over()

    def _show_life(self) -> None:
        now = time.monotonic()
        if now - self._shown_at < BEAT_SIGN_SECONDS:
            return
        self._shown_at = now
        try:
            blocking_redis().set(key(*HEARTBEAT), time.time(), ex=round(2 * longest_silence_of_beat()))
        except (RedisError, OSError) as problem:
            redis_outage.seen(problem)
