"""Writes the rows of sessions. Each function is one transaction; races are decided by filtered updates.

Knows no socket: who must hear of a change is told by the caller.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet

from prepared_queries import PreparedRows, PreparedUpdate, blank_of, insert_rows
from sessions_app.errors import OwnedElsewhere, OwnershipLost
from sessions_app.lifecycle.rules import SessionEvent, next_state, sources
from sessions_app.models import SessionTransition, UserSession
from sessions_app.selectors import find_live_session, owned_session, require_ownership
from sessions_app.states import SessionId, SessionRef, SessionState

# Columns of a session that only grow.
COUNTED = ("audio_bytes", "audio_lost", "audio_dropped", "events", "transcripts")
_OPEN_TRIES = 20
GOODBYE_SECONDS = 5.0
FIRST_GENERATION = 1


def _owned_in(states: Iterable[SessionState]) -> QuerySet[UserSession]:
    """Return the query of a session's row by its owner (`session`, `generation`) in one of `states`."""
    return UserSession.objects.filter(
        pk=blank_of(UserSession, "id", "session"),
        generation=blank_of(UserSession, "generation"),
        state__in=tuple(states),
    )


# The state is part of the filter as well: a loss of the phone keeps the generation, and the history names the state.
_RESUMABLE = PreparedUpdate(
    lambda: _owned_in(sources(SessionEvent.PHONE_RETURNED)).filter(
        state=blank_of(UserSession, "state", "before")
    ),
    generation=F("generation") + 1,
    reconnects=F("reconnects") + 1,
)
_LOSABLE = PreparedUpdate(lambda: _owned_in(sources(SessionEvent.PHONE_LOST)))
_RELEASABLE = PreparedUpdate(lambda: _owned_in((SessionState.DISCONNECTED,)))
_APPS_USED: PreparedRows[Any] = PreparedRows(lambda: owned_session().values_list("apps_used", flat=True))
_COUNTED = PreparedUpdate(
    lambda: UserSession.objects.filter(pk=blank_of(UserSession, "id", "session")),
    **{column: F(column) + blank_of(UserSession, column) for column in COUNTED},
)


@dataclass(frozen=True, slots=True)
class Opened:
    """A session after its phone connected: who it is, whether it was there before, and who owned it then."""

    ref: SessionRef
    started_at: datetime
    resumed: bool
    previous_owner: str


def open_session(
    *, user_pk: int, user_id: str, node_id: str, now: datetime, after: int | None = None
) -> Opened:
    """Make `node_id` the owner of the user's live session, creating one when there is none.

    Two phones, a sweep and a takeover may race: the unique constraint and the generation let exactly one
    write through, the loser looks again. With `after`, a session of another node is taken only at that generation;
    raises OwnedElsewhere when it has another one.
    """
    for _ in range(_OPEN_TRIES):
        live = find_live_session(user_pk)
        if after is not None and live is not None and _is_unasked(live, node_id, after):
            raise OwnedElsewhere(str(live.pk), live.owner, live.generation)
        opened = (
            _create(user_pk, user_id, node_id, now) if live is None else _resume(live, user_id, node_id, now)
        )
        if opened is not None:
            return opened
    raise OwnershipLost(f"The session of user {user_pk} changed hands too often to be opened")


def _is_unasked(live: UserSession, node_id: str, after: int) -> bool:
    return live.owner not in ("", node_id) and live.generation != after


def _create(user_pk: int, user_id: str, node_id: str, now: datetime) -> Opened | None:
    session_id, connecting = uuid4(), SessionState.CONNECTING
    active = next_state(connecting, SessionEvent.OPENED)
    try:
        with transaction.atomic():
            insert_rows(
                UserSession,
                [
                    {
                        "id": session_id,
                        "user": user_pk,
                        "state": active,
                        "owner": node_id,
                        "generation": FIRST_GENERATION,
                        "started_at": now,
                        "connected_at": now,
                        "last_seen_at": now,
                    }
                ],
            )
            insert_rows(
                SessionTransition,
                [
                    {
                        "session": session_id,
                        "from_state": before,
                        "to_state": after,
                        "cause": cause,
                        "detail": detail,
                        "at": now,
                    }
                    for before, after, cause, detail in (
                        ("", connecting, "phone_connected", ""),
                        (connecting, active, SessionEvent.OPENED, f"owner {node_id}"),
                    )
                ],
            )
    except IntegrityError:
        return None
    ref = SessionRef(SessionId(str(session_id)), user_id, user_pk, FIRST_GENERATION)
    return Opened(ref, now, resumed=False, previous_owner="")


def _resume(live: UserSession, user_id: str, node_id: str, now: datetime) -> Opened | None:
    with transaction.atomic():
        hit = _RESUMABLE(
            {
                "state": SessionState.ACTIVE,
                "owner": node_id,
                "connected_at": now,
                "last_seen_at": now,
                "disconnected_at": None,
                "dispose_after": None,
            },
            session=live.pk,
            generation=live.generation,
            before=live.state,
        )
        if hit != 1:
            return None
        note(live.pk, live.state, SessionEvent.PHONE_RETURNED, detail=f"owner {node_id}", at=now)
    ref = SessionRef(SessionId(str(live.pk)), user_id, user_pk=live.user_id, generation=live.generation + 1)
    return Opened(ref, live.started_at, resumed=True, previous_owner=live.owner)


def lose_phone(*, ref: SessionRef, cause: str, grace_seconds: float, now: datetime) -> None:
    """Start the grace period of a session whose phone is gone; nothing to do when it already runs.

    Raises OwnershipLost when the session is not ours any more.
    """
    with transaction.atomic():
        hit = _LOSABLE(
            {
                "state": SessionState.DISCONNECTED,
                "disconnected_at": now,
                "dispose_after": now + timedelta(seconds=grace_seconds),
            },
            session=ref.session_id,
            generation=ref.generation,
        )
        if hit != 1:
            require_ownership(ref)
            return
        note(ref.session_id, SessionState.ACTIVE, SessionEvent.PHONE_LOST, detail=cause, at=now)


def end_soon(*, ref: SessionRef, now: datetime) -> None:
    """Begin the grace period of a session whose phone said goodbye, or let one that runs end in a few seconds.

    Raises OwnershipLost when the session has moved on.
    """
    lose_phone(ref=ref, cause="goodbye", grace_seconds=GOODBYE_SECONDS, now=now)
    soon = now + timedelta(seconds=GOODBYE_SECONDS)
    UserSession.objects.filter(
        pk=ref.session_id,
        generation=ref.generation,
        state=SessionState.DISCONNECTED,
        dispose_after__gt=soon,
    ).update(dispose_after=soon)


def release_session(*, ref: SessionRef) -> None:
    """Take the owner's name from a session that was handed over: nobody is to ask for it there any more."""
    _RELEASABLE({"owner": ""}, session=ref.session_id, generation=ref.generation)


def add_counts(*, ref: SessionRef, counts: Mapping[str, int], apps_used: frozenset[str]) -> None:
    """Add to the metrics of a session (lifecycle §11); raise OwnershipLost when it has another owner.

    `counts` has a number for each column of COUNTED.
    """
    owner = {"session": ref.session_id, "generation": ref.generation}
    with transaction.atomic():
        known = _APPS_USED.first(**owner)
        if known is None:
            raise OwnershipLost(f"Session {ref.session_id} has moved on from generation {ref.generation}")
        _COUNTED({"apps_used": sorted(apps_used.union(known))}, session=ref.session_id, **counts)


def note(
    session_id: str | UUID, before: SessionState | str, event: SessionEvent, *, at: datetime, detail: str = ""
) -> None:
    """Write the history of a move that was just made; call it inside the same transaction."""
    after = next_state(SessionState(before), event)
    transition = {
        "session": session_id,
        "from_state": before,
        "to_state": after,
        "cause": event,
        "detail": detail[:300],
        "at": at,
    }
    insert_rows(SessionTransition, [transition])
