"""Deleting somebody's account in all rooms, in a worker. What fails is tried again later, and every step may be."""

import logging

from accounts.forgetting import mentioning
from accounts.models import User
from accounts.selectors import list_leaving
from accounts.services import delete_person
from apps_registry.services import remove_apps_of_one
from sessions_app.lifecycle.disposal import end_session
from sessions_app.media.photo_store import delete_photos
from sessions_app.models import AnalyticsEvent, FailedJob, Photo, UserSession
from sessions_app.states import SessionState

logger = logging.getLogger(__name__)

REASON = "account deleted"


def delete_account(user_pk: int) -> bool:
    """Delete all that is held about somebody who confirmed it; true when nothing is left.

    What runs is ended first: an owner that still writes would find no rows. Does nothing to anybody else.
    """
    user = User.objects.filter(pk=user_pk, leaving_at__isnull=False).first()
    if user is None:
        return not User.objects.filter(pk=user_pk).exists()
    if not _end_sessions(user):
        return False
    delete_photos(Photo.objects.filter(user=user))
    if Photo.objects.filter(user=user).exists():
        return False
    remove_apps_of_one(user=user)
    AnalyticsEvent.objects.filter(user_id=user.email).delete()
    mentioning(
        FailedJob.objects.all(), user.email, "arguments", "named_arguments", "message", "trace"
    ).delete()
    delete_person(user=user)
    logger.info("The account %s was deleted", user_pk)
    return True


def delete_waiting() -> None:
    """Take up accounts whose deletion did not come to its end."""
    for user_pk in list_leaving():
        delete_account(user_pk)


def _end_sessions(user: User) -> bool:
    open_ones = UserSession.objects.filter(user=user).exclude(state=SessionState.DISPOSED)
    for session_id in list(open_ones.values_list("pk", flat=True)):
        end_session(str(session_id), REASON)
    return not open_ones.exists()
