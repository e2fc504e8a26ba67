"""A phone connects or leaves: opening, resuming and losing a session (lifecycle §1.2–§1.4)."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from weakref import WeakValueDictionary

from django.conf import settings

from accounts.models import User
from apps_registry.selectors import list_running_packages
from sessions_app.app_runs.parking import parked_packages, wake
from sessions_app.clock import SystemClock
from sessions_app.database import in_database
from sessions_app.errors import OwnedElsewhere, OwnershipLost
from sessions_app.lifecycle import residents
from sessions_app.lifecycle.building import build_runtime
from sessions_app.lifecycle.leaving import call_followers, leave
from sessions_app.lifecycle.reconciling import keep_counts, phone_arrived, phone_left
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.lifecycle.services import Opened, end_soon, lose_phone, open_session
from sessions_app.lifecycle.takeover import ask_to_hand_on, take_over_apps
from sessions_app.lifecycle.views import connection_ack
from sessions_app.outbound import metrics, owner
from sessions_app.outbound.commands import AnyCommand, Handed, Reply
from sessions_app.outbound.link import Link
from sessions_app.outbound.ownership import announce_owner
from sessions_app.protocol.codes import CloseCode, CloseReason

Answer = Callable[[SessionRuntime, AnyCommand], Awaitable[Reply]]

# No session has this generation: one of another node is not taken before that node was asked.
ASK_FIRST = 0
MOST_OWNERS_ASKED = 8
_clock = SystemClock()
_doors: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()


async def open_for_phone(
    user: User, link: Link, answer: Answer, *, seals_udp: bool = False
) -> SessionRuntime:
    """Give the user's session the newest phone, making this node its owner; `connection_ack` goes out first (D10).

    `answer` carries out what other processes ask of the owner; `seals_udp`: this phone can seal sound by UDP.
    Phones of one user pass one at a time.
    """
    door = _doors.setdefault(user.pk, asyncio.Lock())
    async with door:
        opened, packages, handed = await _take_session(user)
        runtime = residents.find_of_user(user.pk)
        if runtime is not None and opened.ref == runtime.ref:
            return _welcome_back(runtime, link, seals_udp)
        if runtime is not None:
            _make_room(runtime, opened)
        runtime = build_runtime(opened, user)
        if opened.resumed:
            await take_over_apps(runtime, handed)
        _settle_in(runtime, answer, opened.previous_owner)
        _welcome(runtime, link, seals_udp)
        _restore_apps(runtime, packages)
        return runtime


async def _take_session(user: User) -> tuple[Opened, list[str], Handed]:
    """Open the user's session, after its owner, if it is another node, has handed it on.

    Returns also what ran in the last session, when this is a new one, and what the owner gave.
    """
    handed, after = Handed(), ASK_FIRST
    for _ in range(MOST_OWNERS_ASKED):
        runtime = residents.find_of_user(user.pk)
        try:
            if runtime is not None:
                opened, packages = await _open_here(runtime, user, after)
            else:
                opened, packages = await in_database(_open, user, after)
        except OwnedElsewhere as other:
            if runtime is not None:
                leave(runtime)  # without having heard of it, this node is not the owner any more
            handed = handed.and_then(await ask_to_hand_on(other))
            after = other.generation
        else:
            return opened, packages, handed
    raise OwnershipLost(f"The session of {user.email} changes hands too often to be taken over")


def _open(user: User, after: int) -> tuple[Opened, list[str]]:
    opened = open_session(
        user_pk=user.pk, user_id=user.email, node_id=settings.NODE_ID, now=_clock.now(), after=after
    )
    return opened, [] if opened.resumed else list_running_packages(user.pk)


async def _open_here(runtime: SessionRuntime, user: User, after: int) -> tuple[Opened, list[str]]:
    """Open through the session's own journal, so that its queued writes and the new generation keep their order.

    The runtime takes the new generation only when nobody owned the session since its own.
    """
    opened: list[tuple[Opened, list[str]]] = []
    elsewhere: list[OwnedElsewhere] = []
    is_wanted = True

    def work() -> None:
        if not is_wanted:
            return
        try:
            found, packages = _open(user, after)
        except OwnedElsewhere as other:
            elsewhere.append(other)
            return
        opened.append((found, packages))
        mine = (runtime.ref.session_id, runtime.ref.generation + 1)
        if (found.ref.session_id, found.ref.generation) == mine:
            runtime.ref.generation = found.ref.generation

    try:
        await runtime.upkeep.journal.write(work)
    finally:
        # A phone that gave up while the database was away opens nothing any more.
        is_wanted = False
    if elsewhere:
        raise elsewhere[0]
    return opened[0] if opened else await in_database(_open, user, after)


def _make_room(runtime: SessionRuntime, opened: Opened) -> None:
    """Give up what this node holds of the user.

    Of the same session it is older than the rows: others owned it since. A session that is being disposed is left to
    its disposal, which still has to reach it as its owner.
    """
    if opened.ref.session_id == runtime.ref.session_id:
        leave(runtime)
        return
    residents.release(runtime)
    link, runtime.phone.link = runtime.phone.link, None
    if link is not None:
        link.close(CloseCode.NORMAL, CloseReason.REPLACED)


def _settle_in(runtime: SessionRuntime, answer: Answer, previous_owner: str) -> None:
    residents.admit(runtime)
    owner.own(runtime.ref.session_id, partial(answer, runtime))
    announce_owner(runtime.ref, previous_owner)
    call_followers(runtime.ref.session_id)


def _welcome(runtime: SessionRuntime, link: Link, seals_udp: bool) -> None:
    phone = runtime.phone
    old, phone.link = phone.link, link
    phone.heard_at, phone.seals_udp = runtime.upkeep.clock.monotonic(), seals_udp
    phone.send(connection_ack(runtime))
    without_gap = old is not None and old.is_open
    if old is not None:
        old.close(CloseCode.NORMAL, CloseReason.REPLACED)
    phone_arrived(runtime, without_gap=without_gap)


def _welcome_back(runtime: SessionRuntime, link: Link, seals_udp: bool) -> SessionRuntime:
    _welcome(runtime, link, seals_udp)
    runtime.apps.user_returned()
    return runtime


def _restore_apps(runtime: SessionRuntime, packages: list[str]) -> None:
    """Bring back what ran in the last session; sockets that wait for this user go first (lifecycle §8.7)."""
    if packages:
        runtime.apps.restoring = True
        runtime.upkeep.spawn(_restore(runtime, packages))
    else:
        wake(runtime.ref.user_id)


async def _restore(runtime: SessionRuntime, packages: list[str]) -> None:
    user_id = runtime.ref.user_id
    try:
        await runtime.apps.restore(packages, parked_packages(user_id))
    finally:
        runtime.apps.restoring = False
        wake(user_id)


def phone_gone(runtime: SessionRuntime, connection: int, cause: str) -> None:
    """Start the grace period when the phone that closed is still the session's phone (P-6)."""
    phone = runtime.phone
    if phone.link is None or phone.link.connection != connection:
        return
    runtime.upkeep.journal.write(
        lose_phone,
        ref=runtime.ref,
        cause=cause,
        grace_seconds=settings.SESSION_GRACE_SECONDS,
        now=runtime.upkeep.clock.now(),
    )
    _be_without_phone(runtime)


def say_goodbye(runtime: SessionRuntime) -> None:
    """End the session soon because its phone says so: a new socket has a few seconds to come (rest §2)."""
    runtime.upkeep.journal.write(end_soon, ref=runtime.ref, now=runtime.upkeep.clock.now())
    link = runtime.phone.link
    if link is not None:
        _be_without_phone(runtime)
        link.close(CloseCode.NORMAL, CloseReason.GOODBYE)


def _be_without_phone(runtime: SessionRuntime) -> None:
    runtime.phone.link = None
    metrics.grace_entries["session"] += 1
    keep_counts(runtime)
    phone_left(runtime)
