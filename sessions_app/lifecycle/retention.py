"""How long history is kept: ended sessions with all that hangs on them, analytics events."""

from datetime import datetime

from sessions_app.models import AnalyticsEvent, UserSession
from sessions_app.states import SessionState

BATCH = 200


def forget_history(*, before: datetime) -> int:
    """Delete sessions disposed, and analytics events made, before a moment; return how many sessions.

    In batches, so that no other writer waits long.
    """
    old = UserSession.objects.filter(state=SessionState.DISPOSED, disposed_at__lt=before)
    keys = list(old.order_by("disposed_at").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        UserSession.objects.filter(pk__in=keys[start : start + BATCH]).delete()
    AnalyticsEvent.objects.filter(at__lt=before).delete()
    return len(keys)
