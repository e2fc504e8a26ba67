"""Who uses an app now, and where their sessions are. Reads only."""

from collections import defaultdict
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet

from sessions_app.messaging.rules import MOST_LISTED, shows_profile
from sessions_app.models import AppRun, RoomMember
from sessions_app.protocol.codec import iso
from sessions_app.protocol.session_ids import app_session_id
from sessions_app.states import LIVE_SESSION_STATES, PRESENT_RUN_STATES, RunState

# A message reaches an app that has its socket, or will have it again in a moment.
REACHABLE = (RunState.RUNNING, RunState.GRACE_PERIOD)
NodesOfSessions = dict[str, list[str]]


class Whereabouts(NamedTuple):
    """A session and the node that owns it."""

    session_id: str
    node_id: str


class Peer(NamedTuple):
    """A user of an app, for other users of it; `name` only where it may be shown."""

    user_id: str
    session_id: str
    joined_at: str
    name: str | None

    def described(self) -> dict[str, Any]:
        """Return the user as apps read it."""
        said: dict[str, Any] = {
            "userId": self.user_id,
            "sessionId": self.session_id,
            "joinedAt": self.joined_at,
        }
        return said if not self.name else {**said, "userProfile": {"name": self.name}}


def find_peer(package_name: str, user_id: str) -> Whereabouts | None:
    """Return where a user's running app is; None when it does not run."""
    found = _reachable(package_name).filter(session__user__email=user_id.lower())
    row = found.values_list("session__pk", "session__owner").first()
    return None if row is None else Whereabouts(str(row[0]), row[1])


def count_peers(package_name: str, *, besides: int) -> dict[str, int]:
    """Return node → number of users of a running app, one user (by key) left out."""
    counted = _reachable(package_name).exclude(session__user_id=besides).order_by()
    return dict(counted.values_list("session__owner").annotate(Count("pk")))


def list_peers(package_name: str, *, besides: int, with_profiles: bool) -> tuple[list[Peer], int]:
    """Return the users of a running app but one, longest there first and at most 500, and how many there are."""
    runs = _reachable(package_name).exclude(session__user_id=besides)
    listed = runs.select_related("session__user").order_by("started_at", "pk")[:MOST_LISTED]
    peers = [_peer(run, with_profile=with_profiles) for run in listed]
    return peers, len(peers) if len(peers) < MOST_LISTED else runs.count()


def runs_for(package_name: str, user_pk: int) -> bool:
    """Say whether somebody (by key) runs an app now."""
    return _reachable(package_name).filter(session__user_id=user_pk).exists()


def nodes_of_room(room_pk: int) -> NodesOfSessions:
    """Return node → sessions of those in a room whom a message reaches."""
    members = RoomMember.objects.filter(room_id=room_pk, run__state__in=REACHABLE)
    members = members.exclude(run__session__owner="")
    nodes: NodesOfSessions = defaultdict(list)
    for node_id, session_id in members.values_list("run__session__owner", "run__session__pk"):
        nodes[node_id].append(str(session_id))
    return dict(nodes)


def members_of_room(room_pk: int) -> int:
    """Return how many app sessions are in a room."""
    return RoomMember.objects.filter(alive(), room_id=room_pk).count()


def find_room_of(session_id: str, package_name: str, room_id: str) -> int | None:
    """Return the key of a room that an app session is in; None when it is not."""
    member = RoomMember.objects.filter(
        run__session__pk=session_id, run__package_name=package_name, room__name=room_id
    )
    return member.values_list("room_id", flat=True).first()


def alive() -> Q:
    """Return what is true of the members of a room whose app session has not ended."""
    return Q(run__state__in=PRESENT_RUN_STATES, run__session__state__in=LIVE_SESSION_STATES)


def _reachable(package_name: str) -> QuerySet[AppRun]:
    runs = AppRun.objects.filter(
        package_name=package_name, state__in=REACHABLE, session__state__in=LIVE_SESSION_STATES
    )
    return runs.exclude(session__owner="")


def _peer(run: AppRun, *, with_profile: bool) -> Peer:
    user = run.session.user
    name = user.name if with_profile and shows_profile(user.settings) else None
    began = run.started_at or run.session.started_at
    return Peer(user.email, app_session_id(user.email, run.package_name), iso(began), name)
