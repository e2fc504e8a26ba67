"""How worker and beat show that they work. Blocking, and without a model: beat loads none."""

import time
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from sessions_app.outbound.redis import blocking_redis, key

BEAT_SIGN_SECONDS = 5.0
# The worker writes its heartbeat every five seconds; three missed ones in a row are no accident.
WORKER_SILENT_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Sign:
    """The last sign of worker or beat, `seconds` ago; None when there is none."""

    name: str
    seconds: float | None
    is_late: bool


def signs_of_life() -> list[Sign]:
    """Return when worker and beat last showed that they work; raises RedisError or OSError while Redis is away."""
    longest = {"worker": WORKER_SILENT_SECONDS, "beat": longest_silence_of_beat()}
    written = blocking_redis().mget([key(name, "heartbeat") for name in longest])
    return [_sign(name, text, longest[name]) for name, text in zip(longest, written, strict=True)]


def longest_silence_of_beat() -> float:
    """Return after how many seconds without a sign beat is taken for gone: it wakes for every sweep."""
    sweep: float = settings.SWEEP_SECONDS
    return 2 * max(sweep, BEAT_SIGN_SECONDS) + 10.0


def _sign(name: str, written: Any, longest: float) -> Sign:
    if written is None:
        return Sign(name, None, is_late=True)
    seconds = max(0.0, time.time() - float(written))
    return Sign(name, round(seconds, 1), is_late=seconds > longest)
