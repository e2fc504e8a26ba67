"""How long history is kept: ended sessions with all that hangs on them, analytics events, hours of apps."""

from datetime import datetime

from sessions_app.models import AnalyticsEvent, AppHour, UserSession
from sessions_app.states import SessionState

BATCH = 200


def forget_history(*, before: datetime) -> int:
    """Delete sessions disposed, analytics events made and hours begun before a moment; return how many sessions.

    In batches, so that no other writer waits long.
    """
    old = UserSession.objects.filter(state=SessionState.DISPOSED, disposed_at__lt=before)
    keys = list(old.order_by("disposed_at").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        UserSession.objects.filter(pk__in=keys[start : start + BATCH]).delete()
    AnalyticsEvent.objects.filter(at__lt=before).delete()
    AppHour.objects.filter(hour__lt=before).delete()
    return len(keys)
