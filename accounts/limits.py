"""How often one person may do what costs this cloud or endangers others; counted in Redis, for all nodes together."""

import logging
import math
import time
from dataclasses import dataclass

from django.core.cache import cache
from redis.exceptions import RedisError

from accounts.acting import current_actor
from accounts.errors import TooManyRequests

logger = logging.getLogger(__name__)

MINUTE, HOUR = 60, 3600


@dataclass(frozen=True)
class Limit:
    """At most `most` times in each window of `seconds`; `what` completes "You … too often"."""

    most: int
    seconds: int
    what: str


LIMITS = {
    "api_key": Limit(30, HOUR, "made API keys"),
    "app": Limit(30, HOUR, "registered apps"),
    "app_settings": Limit(240, MINUTE, "changed settings of apps"),
    "cli_key": Limit(30, HOUR, "made CLI keys"),
    "device_state": Limit(10, 1, "reported the state of the glasses"),
    "discovery": Limit(120, MINUTE, "looked for users"),
    "glasses_media": Limit(1000, HOUR, "brought pictures and films"),
    "live_input": Limit(60, HOUR, "asked for live inputs"),
    "deletion": Limit(5, HOUR, "asked for the deletion of your account"),
    "export": Limit(5, HOUR, "asked for your data"),
    "error_report": Limit(60, 5 * MINUTE, "reported errors"),
    "feedback": Limit(30, HOUR, "sent feedback"),
    "incident": Limit(20, HOUR, "reported incidents"),
    "incident_logs": Limit(120, 5 * MINUTE, "sent logs"),
    "incident_pictures": Limit(30, HOUR, "sent pictures"),
    "photo": Limit(600, HOUR, "made photos"),
    "picture": Limit(100, HOUR, "uploaded pictures"),
    "server_watch": Limit(150, 5 * MINUTE, "watched a server"),
    "session_guess": Limit(60, MINUTE, "named sessions of apps that do not run"),
    "settings_read": Limit(120, MINUTE, "read settings"),
    "sign_in": Limit(300, 5 * MINUTE, "signed in"),
    "speech": Limit(120, MINUTE, "had texts read aloud"),
    "start": Limit(120, MINUTE, "started and stopped apps"),
    "storage": Limit(100, MINUTE, "used storage"),
    "store_exchange": Limit(300, 5 * MINUTE, "opened the store"),
    "stream_output": Limit(60, MINUTE, "sent streams on"),
    "tool": Limit(120, MINUTE, "called tools"),
    "tester": Limit(60, HOUR, "invited testers"),
    "url_check": Limit(30, 5 * MINUTE, "had addresses checked"),
    "user_settings": Limit(600, MINUTE, "changed settings"),
    "user_exchange": Limit(1200, MINUTE, "asked for users"),
    "webhook": Limit(30, MINUTE, "sent webhooks again"),
    "webhook_secret": Limit(30, HOUR, "made webhook secrets"),
    "webview": Limit(120, MINUTE, "opened pages of apps"),
}


def take(kind: str, key: str | int) -> None:
    """Count one deed of a `kind` of LIMITS by whoever `key` names; raise TooManyRequests when it is one too many.

    With Redis away nothing is limited: what is limited here is not to depend on it.
    """
    limit, now = LIMITS[kind], time.time()
    window = int(now // limit.seconds)
    counter = f"limit:{kind}:{key}:{window}"
    try:
        cache.add(counter, 0, timeout=limit.seconds)
        count = cache.incr(counter)
    except (RedisError, OSError, ValueError) as problem:
        logger.warning("Nobody counts %s: %s", kind, problem)
        return
    if count > limit.most:
        wait = max(1, math.ceil((window + 1) * limit.seconds - now))
        raise TooManyRequests(f"You {limit.what} too often. Try again in {_say(wait)}.", wait)


def take_for_actor(kind: str) -> None:
    """Count one deed of the acting person; commands and jobs of the cloud itself are not limited."""
    actor = current_actor()
    if actor is not None:
        take(kind, actor.pk)


def _say(seconds: int) -> str:
    if seconds <= 1:
        return "a second"
    if seconds <= MINUTE:
        return "a minute"
    return f"{math.ceil(seconds / MINUTE)} minutes"
