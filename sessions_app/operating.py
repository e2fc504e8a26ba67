"""What operators do to sessions by hand. Each deed is recorded; what needs the hot state is asked of its owner."""

from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerAway
from redis.exceptions import RedisError

from accounts.acting import current_actor
from accounts.audit import record
from sessions_app.errors import OwnerUnreachable, SessionAbsent
from sessions_app.lifecycle.condemning import condemn
from sessions_app.models import UserSession
from sessions_app.outbound.commands import Reply, StopApp
from sessions_app.outbound.owner import ask_from_outside
from sessions_app.protocol.codes import StopReason
from sessions_app.states import SessionState
from sessions_app.tasks import dispose_session

NO_OWNER = Reply(
    ok=False, code="NO_ACTIVE_SESSION", message="No node holds the session now, so the app runs nowhere."
)


def end_by_hand(*, session: UserSession, reason: str = "") -> bool:
    """Condemn a live session, for a worker to take down; return False when it was over or condemned already."""
    actor = current_actor()
    who = f"operator {actor.email}" if actor is not None else "operator"
    cause = f"{who}: {reason}" if reason else who
    with transaction.atomic():
        before = {"state": session.state}
        if not condemn(session_id=str(session.pk), reason=cause, now=timezone.now()):
            return False
        after = {"state": SessionState.DISPOSING.value, "user": session.user.email, "reason": reason}
        record("session.disposed", session, before=before, after=after)
    return True


def hand_to_worker(*, session: UserSession, reason: str) -> bool:
    """Have a worker take down a condemned session now; without one, the next sweep does. Says if one was reached."""
    try:
        dispose_session.apply_async((str(session.pk), reason), retry=False)
    except BrokerAway:
        return False
    return True


def stop_app_by_hand(*, session: UserSession, package_name: str) -> Reply:
    """Have the owner of a session stop an app in it; the answer says in `code` and `message` why it could not.

    Blocking, at most five seconds.
    """
    try:
        reply = ask_from_outside(str(session.pk), StopApp(package_name, StopReason.SYSTEM_STOP))
    except SessionAbsent:
        reply = NO_OWNER
    except (OwnerUnreachable, RedisError, OSError) as problem:
        reply = Reply(ok=False, code="OWNER_UNREACHABLE", message=f"{problem}. It may still happen.")
    outcome = "stopped" if reply.ok else reply.code
    record(
        "session.app_stopped",
        session,
        after={"app": package_name, "user": session.user.email, "outcome": outcome},
    )
    return reply
