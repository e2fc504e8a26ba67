"""The one seam for analytics events: rows in the database, or PostHog when it has a key.

Synchronous and slow when PostHog is: for workers and commands, never for a node's event loop. A later store is
one more function here.
"""

import logging
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction

from sessions_app.models import AnalyticsEvent

if TYPE_CHECKING:
    from posthog import Posthog

logger = logging.getLogger(__name__)

_TIMEOUT_SECONDS = 5.0


def emit(name: str, *, user_id: str, session_id: str, properties: Mapping[str, Any]) -> None:
    """Record that something worth counting happened. Never raises: what cannot be stored is logged.

    `properties` are plain JSON values under camelCase names.
    """
    try:
        store = _post if settings.POSTHOG_API_KEY else _write
        store(name, user_id, session_id, dict(properties))
    except Exception:
        logger.exception("The analytics event %r was lost", name)


def _write(name: str, user_id: str, session_id: str, properties: dict[str, Any]) -> None:
    # A savepoint: a refused row must not spoil the transaction of the caller.
    with transaction.atomic():
        AnalyticsEvent.objects.create(
            name=name, user_id=user_id, session_id=session_id, properties=properties
        )


def _post(name: str, user_id: str, session_id: str, properties: dict[str, Any]) -> None:
    client = _posthog(settings.POSTHOG_API_KEY, settings.POSTHOG_HOST)
    client.capture(name, distinct_id=user_id, properties={**properties, "sessionId": session_id})


@lru_cache(maxsize=1)
def _posthog(api_key: str, host: str) -> "Posthog":
    # Imported here because it brings a second HTTP client, which most processes never use.
    from posthog import Posthog

    return Posthog(api_key, host=host, sync_mode=True, timeout=_TIMEOUT_SECONDS)
