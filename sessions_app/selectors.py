"""Reads of the runtime's rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet, Subquery

from accounts.models import User
from prepared_queries import PreparedExists, PreparedRows, blank_of
from sessions_app.errors import OwnershipLost
from sessions_app.models import AppRun, SessionTransition, UserSession
from sessions_app.protocol.codes import StopReason
from sessions_app.states import (
    LIVE_SESSION_STATES,
    PRESENT_RUN_STATES,
    RunState,
    SessionId,
    SessionRef,
    SessionState,
)

# In these an app has a session with its user; its row says so a moment after the fact.
UP_RUN_STATES = (RunState.CONNECTING, RunState.RUNNING, RunState.GRACE_PERIOD, RunState.RESURRECTING)


def owned_session() -> QuerySet[UserSession]:
    """Return the query of a session's row that finds it only for its owner: the fence of every write of an owner.

    Its blanks are `session` and `generation`. For use inside a transaction: the row stays locked, so that a
    takeover at the same moment comes before or after, not between. A disposed session has no owner.
    """
    rows = UserSession.objects.filter(
        pk=blank_of(UserSession, "id", "session"), generation=blank_of(UserSession, "generation")
    )
    return rows.exclude(state=SessionState.DISPOSED).select_for_update(no_key=True)


_OWNED = PreparedExists(owned_session)
_LIVE_SESSION = PreparedRows(
    lambda: UserSession.objects.filter(user=blank_of(UserSession, "user"), state__in=LIVE_SESSION_STATES)
)
_LIVE_SESSION_ID: PreparedRows[Any] = PreparedRows(
    lambda: UserSession.objects.filter(
        user__email=blank_of(User, "email"), state__in=LIVE_SESSION_STATES
    ).values_list("pk", flat=True)
)


def require_ownership(ref: SessionRef) -> None:
    """Raise OwnershipLost unless `ref` owns its session; call it inside the transaction of the write."""
    if not _OWNED(session=ref.session_id, generation=ref.generation):
        raise OwnershipLost(f"Session {ref.session_id} has moved on from generation {ref.generation}")


def find_live_session(user_pk: int) -> UserSession | None:
    """Return the user's live session, if any."""
    return _LIVE_SESSION.first(user=user_pk)


def find_owner(session_id: str) -> str:
    """Return the id of the node that owns a session, or an empty string."""
    owner = UserSession.objects.filter(pk=session_id).values_list("owner", flat=True).first()
    return owner or ""


def find_live_session_id(email: str) -> str | None:
    """Return the id of the live session of the user with this (lower-case) e-mail address."""
    found = _LIVE_SESSION_ID.first(email=email)
    return None if found is None else str(found)


def find_user_of(session_id: str) -> int | None:
    """Return the key of the user whose session this is; None when there is no such session."""
    return UserSession.objects.filter(pk=session_id).values_list("user_id", flat=True).first()


def list_live_session_ids() -> list[SessionId]:
    """Return the ids of all live sessions."""
    live = UserSession.objects.filter(state__in=LIVE_SESSION_STATES)
    return [SessionId(str(pk)) for pk in live.values_list("pk", flat=True)]


def find_owners_of_app(package_name: str, user_pk: int | None = None) -> dict[str, str]:
    """Return session id → node id of the live sessions, of one user or of all, in which an app is not stopped."""
    runs = AppRun.objects.filter(package_name=package_name, session__state__in=LIVE_SESSION_STATES)
    runs = runs.exclude(state=RunState.STOPPED).exclude(session__owner="")
    if user_pk is not None:
        runs = runs.filter(session__user_id=user_pk)
    return {str(pk): owner for pk, owner in runs.values_list("session__pk", "session__owner")}


def find_owner_of_user(user_pk: int) -> dict[str, str]:
    """Return session id → node id of the user's live session; empty when there is none."""
    live = UserSession.objects.filter(user_id=user_pk, state__in=LIVE_SESSION_STATES).exclude(owner="")
    return {str(pk): owner for pk, owner in live.values_list("pk", "owner")}


@dataclass(frozen=True, slots=True)
class AppsNow:
    """The apps of a live session: which count as running, and which failed or do not answer just now."""

    running: frozenset[str] = frozenset()
    failing: frozenset[str] = frozenset()


def apps_now(user_pk: int) -> AppsNow:
    """Return what became of the apps in the user's live session, in one query."""
    runs = AppRun.objects.filter(session__user=user_pk, session__state__in=LIVE_SESSION_STATES)
    rows = list(runs.values_list("package_name", "state", "stop_reason"))
    failing = {
        package
        for package, state, reason in rows
        if state == RunState.RESURRECTING or (state == RunState.STOPPED and reason == StopReason.ERROR)
    }
    running = (package for package, state, _ in rows if state in PRESENT_RUN_STATES)
    return AppsNow(frozenset(running), frozenset(failing))


def find_app_session(email: str, package_name: str) -> AppRun | None:
    """Return the run of an app that is up or on its way in the live session of the person with this address."""
    runs = AppRun.objects.filter(
        package_name=package_name, session__user__email=email, session__state__in=LIVE_SESSION_STATES
    )
    return runs.filter(state__in=UP_RUN_STATES).select_related("session__user").first()


def find_whereabouts(session_ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Return session id → (node id, state) of those of the sessions that are live."""
    live = UserSession.objects.filter(pk__in=list(session_ids), state__in=LIVE_SESSION_STATES)
    return {str(pk): (owner, state) for pk, owner, state in live.values_list("pk", "owner", "state")}


def list_owned_elsewhere(session_ids: Iterable[str], node_id: str) -> list[str]:
    """Return those of the sessions that belong to another node than this."""
    sessions = UserSession.objects.filter(pk__in=list(session_ids)).exclude(owner__in=("", node_id))
    return [str(pk) for pk in sessions.values_list("pk", flat=True)]


def list_ended(session_ids: Iterable[str]) -> list[str]:
    """Return those of the sessions that are disposed."""
    ended = UserSession.objects.filter(pk__in=list(session_ids), state=SessionState.DISPOSED)
    return [str(pk) for pk in ended.values_list("pk", flat=True)]


def find_session_id(reference: str) -> SessionId | None:
    """Return the session with this id, or the newest one of this e-mail address that is not over yet."""
    sessions = UserSession.objects.all()
    try:
        sessions = sessions.filter(pk=UUID(reference))
    except ValueError:
        sessions = sessions.filter(user__email=reference.lower()).exclude(state=SessionState.DISPOSED)
    found = sessions.values_list("pk", flat=True).first()
    return None if found is None else SessionId(str(found))


def list_unfinished_runs(session_id: str) -> list[AppRun]:
    """Return the runs of a session that a new owner must take over."""
    return list(AppRun.objects.filter(session__pk=session_id).exclude(state=RunState.STOPPED))


_RUN_IN_DISPOSAL = PreparedExists(
    lambda: AppRun.objects.filter(
        session__user=blank_of(UserSession, "user"),
        session__state=SessionState.DISPOSING,
        package_name=blank_of(AppRun, "package_name"),
    ).exclude(state=RunState.STOPPED)
)


def has_run_in_disposal(user_pk: int, package_name: str) -> bool:
    """Say whether a session of the user that is being disposed has not stopped this app yet."""
    return _RUN_IN_DISPOSAL(user=user_pk, package_name=package_name)


def list_later_runs(session_id: str) -> list[AppRun]:
    """Return the unfinished runs of sessions that the same user opened after this one."""
    this = UserSession.objects.filter(pk=session_id)
    later = UserSession.objects.filter(
        user__in=this.values("user"), started_at__gt=Subquery(this.values("started_at"))
    )
    return list(AppRun.objects.filter(session__in=later).exclude(state=RunState.STOPPED))


def count_runs(package_name: str) -> dict[str, int]:
    """Return state → number of live sessions of anybody in which an app is in that state; no stopped ones."""
    runs = AppRun.objects.filter(package_name=package_name, session__state__in=LIVE_SESSION_STATES)
    counted = runs.exclude(state=RunState.STOPPED).order_by().values_list("state").annotate(Count("pk"))
    return dict(counted)


def find_run(package_name: str, user_pk: int) -> AppRun | None:
    """Return an app's run in the newest session of a user, with that session."""
    runs = AppRun.objects.filter(package_name=package_name, session__user_id=user_pk)
    return runs.select_related("session").order_by("-session__started_at").first()


def list_moves(run: AppRun, most: int) -> list[SessionTransition]:
    """Return the newest moves of an app and of its session, newest first."""
    moves = SessionTransition.objects.filter(session=run.session, package_name__in=("", run.package_name))
    return list(moves.order_by("-id")[:most])


def session_summary(session: UserSession) -> dict[str, Any]:
    """Return a session as `list_sessions` prints it (times ISO-8601)."""
    return {
        "id": str(session.pk),
        "userId": session.user.email,
        "state": session.state,
        "owner": session.owner,
        "generation": session.generation,
        "connectedAt": _iso(session.connected_at),
        "disconnectedAt": _iso(session.disconnected_at),
        "disposeAfter": _iso(session.dispose_after),
        "disposedAt": _iso(session.disposed_at),
        "disposeReason": session.dispose_reason or None,
        "reconnects": session.reconnects,
        "apps": [
            {"packageName": run.package_name, "state": run.state, "subscriptions": run.subscriptions}
            for run in session.app_runs.all()
        ],
        "counters": {
            "audioBytes": session.audio_bytes,
            "audioLost": session.audio_lost,
            "audioDropped": session.audio_dropped,
            "transcripts": session.transcripts,
            "events": session.events,
            "appsUsed": session.apps_used,
        },
    }


def get_session_summary(session_id: str) -> dict[str, Any]:
    """Return one session as `list_sessions` does; raises UserSession.DoesNotExist."""
    return session_summary(UserSession.objects.select_related("user").get(pk=session_id))


def list_sessions(*, ended: bool = False, email: str | None = None) -> list[dict[str, Any]]:
    """Return summaries, newest first: live and disposing sessions, with `ended` also the disposed ones."""
    rows = UserSession.objects.select_related("user").prefetch_related("app_runs")
    if not ended:
        rows = rows.exclude(state="DISPOSED")
    if email is not None:
        rows = rows.filter(user__email=email)
    return [session_summary(row) for row in rows]


def _iso(moment: Any) -> str | None:
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")
