"""Reads what was noted for inspectors."""

from accounts.models import Membership
from apps_registry.selectors import AppFacts
from prepared_queries import PreparedExists, blank_of
from sessions_app.models import UnrecordedSession

_IS_MEMBER = PreparedExists(
    lambda: Membership.objects.filter(
        user=blank_of(Membership, "user"), organization=blank_of(Membership, "organization")
    )
)
_IS_UNRECORDED = PreparedExists(
    lambda: UnrecordedSession.objects.filter(
        user=blank_of(UnrecordedSession, "user"), app=blank_of(UnrecordedSession, "app")
    )
)


def is_recorded(user_pk: int, app: AppFacts) -> bool:
    """Say whether sessions of a user with an app are recorded: for members of its organization who do not mind.

    One query for everybody else, who are most.
    """
    if not _IS_MEMBER(user=user_pk, organization=app.organization_id):
        return False
    return not _IS_UNRECORDED(user=user_pk, app=app.app_id)
