"""Reaching the owner of a session: a call when it is here, a request to its node when it is not."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from asgiref.sync import async_to_sync
from django.conf import settings

from sessions_app.database import give_back_connection, in_database
from sessions_app.errors import OwnerUnreachable, SessionAbsent
from sessions_app.outbound import metrics
from sessions_app.outbound.commands import AnyCommand, Reply
from sessions_app.outbound.node import Inbox, Receiver, is_listened_to
from sessions_app.selectors import find_live_session, find_owner

Handler = Callable[[AnyCommand], Awaitable[Reply]]
ASK_TIMEOUT_SECONDS = 5.0

_handlers: dict[str, Handler] = {}
_inbox: Inbox | None = None
metrics.watch("owned_sessions", lambda: len(_handlers))
metrics.watch("open_questions", lambda: _inbox.open_count if _inbox is not None else 0)


def own(session_id: str, handler: Handler) -> None:
    """Say that this process owns a session; `handler` carries out commands on it."""
    _handlers[session_id] = handler


def disown(session_id: str) -> None:
    """Take `own` back."""
    _handlers.pop(session_id, None)


def owned_count() -> int:
    """Return how many sessions this process owns."""
    return len(_handlers)


def owned_sessions() -> list[str]:
    """Return the ids of the sessions this process owns."""
    return list(_handlers)


async def listen(node_id: str, receivers: Mapping[str, Receiver] | None = None) -> None:
    """Start taking commands for sessions of this node, and messages of other types for their receivers."""
    global _inbox  # noqa: PLW0603
    inbox = Inbox(_answer_locally, receivers)
    await inbox.open(node_id)
    _inbox = inbox


def is_listening() -> bool:
    """Say whether commands of other processes reach this one."""
    return _inbox is not None


async def stop_listening() -> None:
    """Stop taking commands."""
    global _inbox  # noqa: PLW0603
    if _inbox is not None:
        await _inbox.close()
        _inbox = None


async def ask(
    session_id: str, command: AnyCommand, timeout_seconds: float = ASK_TIMEOUT_SECONDS, *, node_id: str = ""
) -> Reply:
    """Have the owner of a session carry out `command` and return its answer; `node_id` names it if it is known.

    Raises SessionAbsent when nobody owns it, OwnerUnreachable when the owner does not answer in time.
    """
    if session_id in _handlers:
        try:
            async with asyncio.timeout(timeout_seconds):
                return await _answer_locally(session_id, command)
        except TimeoutError:
            raise OwnerUnreachable("The session is busy") from None
    node_id = node_id or await in_database(find_owner, session_id)
    if not node_id or (_inbox is not None and node_id == settings.NODE_ID):
        raise SessionAbsent(f"No node owns session {session_id}")
    if timeout_seconds > ASK_TIMEOUT_SECONDS and not await is_listened_to(node_id):
        raise OwnerUnreachable(f"Node {node_id} is not there")
    if _inbox is not None:
        return await _inbox.request(node_id, session_id, command, timeout_seconds)
    return await _ask_once(node_id, session_id, command, timeout_seconds)


def ask_from_outside(
    session_id: str, command: AnyCommand, timeout_seconds: float = ASK_TIMEOUT_SECONDS
) -> Reply:
    """The same for synchronous processes: workers and commands. Opens and closes its own inbox."""
    node_id = find_owner(session_id)
    if not node_id:
        raise SessionAbsent(f"No node owns session {session_id}")
    reply: Reply = async_to_sync(_ask_once)(node_id, session_id, command, timeout_seconds)
    return reply


def ask_session_of(user_pk: int, command: AnyCommand, timeout_seconds: float = ASK_TIMEOUT_SECONDS) -> Reply:
    """Have the owner of a user's live session carry out `command`; for requests to a node. Blocking.

    Raises SessionAbsent when there is no such session, OwnerUnreachable when its owner does not answer.
    """
    session = find_live_session(user_pk)
    if session is None:
        raise SessionAbsent("The user has no live session")
    if timeout_seconds > ASK_TIMEOUT_SECONDS:
        give_back_connection()
    reply: Reply = async_to_sync(ask)(str(session.pk), command, timeout_seconds, node_id=session.owner)
    return reply


async def find_node_of(session_id: str) -> str:
    """Return the id of the node that owns a session by its row, or an empty string."""
    return await in_database(find_owner, session_id)


async def _ask_once(node_id: str, session_id: str, command: AnyCommand, timeout_seconds: float) -> Reply:
    inbox = Inbox()
    await inbox.open()
    try:
        return await inbox.request(node_id, session_id, command, timeout_seconds)
    finally:
        await inbox.close()


async def _answer_locally(session_id: str, command: AnyCommand) -> Reply:
    handler = _handlers.get(session_id)
    if handler is None:
        return Reply(ok=False, code="NO_ACTIVE_SESSION", message="This node does not own the session")
    asker = asyncio.current_task()
    try:
        return await handler(command)
    except asyncio.CancelledError:
        if asker is None or asker.cancelling():
            raise
        # Not the asker was cancelled but the work asked for: the session left this node.
        return Reply(ok=False, code="NO_ACTIVE_SESSION", message="The session is leaving this node")
