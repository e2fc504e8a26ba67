"""Taking a session down (lifecycle §2): a list of steps, each attempted whatever became of the others.

Synchronous: runs in the worker, in commands and at the end of `up`. What needs the hot state is the owner's
part (ending.py) and is asked of it; without an owner only the app servers are left to be told.
"""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from redis.exceptions import RedisError

from accounts.selectors import shares_usage_data
from sessions_app.app_runs.farewell import send_stop_webhooks
from sessions_app.app_runs.services import end_runs
from sessions_app.clock import SystemClock
from sessions_app.database import DATABASE_AWAY
from sessions_app.errors import OwnerUnreachable, SessionAbsent
from sessions_app.lifecycle import analytics
from sessions_app.lifecycle.condemning import claim_report, condemn, finish, take_up
from sessions_app.models import UserSession
from sessions_app.outbound import metrics
from sessions_app.outbound.announcing import is_registered
from sessions_app.outbound.commands import EndSession
from sessions_app.outbound.owner import ask_from_outside
from sessions_app.outbound.snapshot import drop_snapshot
from sessions_app.protocol.codec import iso
from sessions_app.selectors import list_live_session_ids
from sessions_app.speech.transcripts.services import forget_transcript

logger = logging.getLogger(__name__)

OWNER_TIMEOUT_SECONDS = 8.0
# For a node that is not in the register: it may only have lost its entry, with Redis, and its part takes up to 2 s.
UNREGISTERED_TIMEOUT_SECONDS = 3.0
AT_ONCE = 8

_clock = SystemClock()


@dataclass(frozen=True, slots=True)
class _Disposal:
    session: UserSession
    now: datetime
    owner_is_gone: bool

    @property
    def session_id(self) -> str:
        return str(self.session.pk)


def end_session(session_id: str, reason: str, *, owner_is_gone: bool = False) -> bool:
    """Condemn a session that is still live, then dispose it; true when this call finished it."""
    condemn(session_id=session_id, reason=reason, now=_clock.now())
    return dispose(session_id, owner_is_gone=owner_is_gone)


def dispose(session_id: str, *, owner_is_gone: bool = False) -> bool:
    """Take down a session that is DISPOSING; true for the one call that finished it.

    Does nothing when another call is at it or it is over. With `owner_is_gone` nobody is asked to let go of it.
    """
    session = take_up(session_id=session_id, now=_clock.now())
    if session is None:
        return False
    disposal = _Disposal(session, _clock.now(), owner_is_gone)
    failed = [name for name, step in STEPS if not _attempt(disposal, name, step)]
    detail = f"failed: {', '.join(failed)}" if failed else ""
    finished = finish(session_id=session_id, now=_clock.now(), detail=detail)
    logger.info("%s: disposed (%s) %s", session.user.email, session.dispose_reason, detail)
    return finished


def end_all_sessions(reason: str, *, owners_are_gone: bool = False) -> int:
    """End every live session, a few at a time; return how many were finished.

    With `owners_are_gone` no node is left to ask.
    """

    def one(session_id: str) -> bool:
        try:
            return end_session(session_id, reason, owner_is_gone=owners_are_gone)
        except Exception:
            logger.exception("Session %s could not be disposed", session_id)
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="disposal") as pool:
        return sum(pool.map(one, list_live_session_ids()))


def _attempt(disposal: _Disposal, name: str, step: Callable[[_Disposal], None]) -> bool:
    try:
        step(disposal)
    except DATABASE_AWAY:
        raise  # nothing can be finished now; another run takes the session up again
    except Exception:
        logger.exception("%s: the step %r of a disposal failed", disposal.session.user.email, name)
        metrics.failed_disposal_steps[name] += 1
        return False
    return True


def _report(disposal: _Disposal) -> None:
    if not claim_report(session_id=disposal.session_id):
        return
    session = disposal.session
    if not shares_usage_data(session.user):
        return
    analytics.emit(
        "disconnected",
        user_id=session.user.email,
        session_id=disposal.session_id,
        properties={
            "duration": (disposal.now - session.started_at) // timedelta(milliseconds=1),
            "disconnectedAt": iso(session.disconnected_at or disposal.now),
            "reason": session.dispose_reason,
            "reconnects": session.reconnects,
            "appsUsed": session.apps_used,
            "audioBytes": session.audio_bytes,
            "transcripts": session.transcripts,
            "events": session.events,
        },
    )


def _end_hot_state(disposal: _Disposal) -> None:
    if disposal.owner_is_gone or not _owner_ended_it(disposal):
        send_stop_webhooks(
            session_id=disposal.session_id, user_id=disposal.session.user.email, now=_clock.now()
        )


def _owner_ended_it(disposal: _Disposal) -> bool:
    try:
        known = is_registered(disposal.session.owner)
        reply = ask_from_outside(
            disposal.session_id,
            EndSession(disposal.session.dispose_reason),
            OWNER_TIMEOUT_SECONDS if known else UNREGISTERED_TIMEOUT_SECONDS,
        )
    except (SessionAbsent, OwnerUnreachable, RedisError, OSError) as error:
        logger.info("%s: no owner took part in the disposal: %s", disposal.session.user.email, error)
        return False
    if not reply.ok:
        logger.warning("%s: the owner could not end all: %s", disposal.session.user.email, reply.message)
    return reply.ok


def _end_runs(disposal: _Disposal) -> None:
    reason = disposal.session.dispose_reason
    end_runs(session_id=disposal.session_id, reason=reason, now=_clock.now())


def _drop_snapshot(disposal: _Disposal) -> None:
    drop_snapshot(disposal.session_id)


def _forget_transcript(disposal: _Disposal) -> None:
    if settings.TRANSCRIPT_RETENTION_DAYS <= 0:
        forget_transcript(disposal.session_id)


STEPS: tuple[tuple[str, Callable[[_Disposal], None]], ...] = (
    ("report", _report),
    ("hot state", _end_hot_state),
    ("app runs", _end_runs),
    ("snapshot", _drop_snapshot),
    ("transcript", _forget_transcript),
)
