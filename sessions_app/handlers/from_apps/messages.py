"""Messages between users of one app (app-socket §7.5). Who sends is known from the socket, never from the message."""

from functools import partial

from sessions_app.app_runs.seat import AppSeat
from sessions_app.database import in_database
from sessions_app.handlers.registry import from_app
from sessions_app.handlers.senders import Sender, reject, sender_of, undertake
from sessions_app.lifecycle.peers import line_of, reach, spread
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.messaging.allowances import allowances
from sessions_app.messaging.rules import (
    BROADCASTS,
    DIRECT_MESSAGES,
    NOT_IN_ROOM,
    NOT_REACHED,
    QUESTIONS,
    TOO_OFTEN,
    Refusal,
    message_refusal,
)
from sessions_app.messaging.selectors import count_peers, find_room_of, list_peers, nodes_of_room
from sessions_app.messaging.wording import received
from sessions_app.outbound.news import app_news
from sessions_app.protocol.app_to_cloud import AppBroadcastMessage, AppDirectMessage, AppUserDiscovery
from sessions_app.protocol.base import ToApp
from sessions_app.protocol.cloud_to_app import AppDirectMessageResponse, CustomMessage

# A message that waited longer for those before it would be answered too late for its sender.
MOST_WAITED_SECONDS = 5.0
DISCOVERED = "app_user_discovery"


@from_app(AppDirectMessage)
def on_app_direct_message(runtime: SessionRuntime, seat: AppSeat, message: AppDirectMessage) -> None:
    """Give a message to one other user of the app and tell its sender whether it was handed over."""
    sender = sender_of(runtime, seat)
    refuse = partial(_delivered, sender, message)
    problem = message_refusal(memoryview(message.payload), message.message_id)
    if problem is None and not sender.may(DIRECT_MESSAGES):
        problem = TOO_OFTEN
    if problem is not None:
        reject(sender, refuse(problem))
        return
    line = ("direct", sender.session_id, sender.package_name, message.target_user_id)
    undertake(sender, line, partial(_deliver, sender, message, sender.clock.monotonic()), refuse)


async def _deliver(sender: Sender, message: AppDirectMessage, asked_at: float) -> Refusal | None:
    if sender.clock.monotonic() - asked_at > MOST_WAITED_SECONDS:
        return NOT_REACHED
    text = received(sender.party, message.payload, message.message_id, None, sender.clock.now())
    problem = await reach(sender.package_name, message.target_user_id, text)
    if problem is None:
        await sender.answer(_delivered(sender, message, None))
    return problem


def _delivered(sender: Sender, message: AppDirectMessage, problem: Refusal | None) -> ToApp:
    return AppDirectMessageResponse(
        success=problem is None,
        message_id=message.message_id,
        target_user_id=message.target_user_id,
        error=None if problem is None else str(problem),
        session_id=sender.party.app_session_id,
        timestamp=sender.now,
    )


@from_app(AppBroadcastMessage)
def on_app_broadcast_message(runtime: SessionRuntime, seat: AppSeat, message: AppBroadcastMessage) -> None:
    """Give a message to all other users of the app, or to those in a room that the sender is in."""
    sender = sender_of(runtime, seat)
    problem = message_refusal(memoryview(message.payload), message.message_id)
    if problem is None and not sender.may(BROADCASTS):
        problem = TOO_OFTEN
    refuse = partial(sender.refusal, request_id=message.message_id)
    if problem is not None:
        reject(sender, refuse(problem))
        return
    work = _tell_all if message.room_id is None else _tell_room
    undertake(sender, line_of(sender.session_id, sender.package_name), partial(work, sender, message), refuse)


async def _tell_all(sender: Sender, message: AppBroadcastMessage) -> Refusal | None:
    counts = await in_database(count_peers, sender.package_name, besides=sender.user_pk)
    if not allowances.may_reach(sender.package_name, sum(counts.values()), sender.clock.monotonic()):
        return TOO_OFTEN
    text = received(sender.party, message.payload, message.message_id, None, sender.clock.now())
    news = app_news(sender.package_name, text, besides=sender.session_id)
    return None if spread((node_id, news) for node_id in counts) else TOO_OFTEN


async def _tell_room(sender: Sender, message: AppBroadcastMessage) -> Refusal | None:
    room_id = message.room_id or ""
    room = await in_database(find_room_of, sender.session_id, sender.package_name, room_id)
    if room is None:
        return NOT_IN_ROOM
    nodes = await in_database(nodes_of_room, room)
    if not allowances.may_reach(sender.package_name, sum(map(len, nodes.values())), sender.clock.monotonic()):
        return TOO_OFTEN
    text = received(sender.party, message.payload, message.message_id, room_id, sender.clock.now())
    everywhere = spread(
        (node_id, app_news(sender.package_name, text, sessions=sessions, besides=sender.session_id))
        for node_id, sessions in nodes.items()
    )
    return None if everywhere else TOO_OFTEN


@from_app(AppUserDiscovery)
def on_app_user_discovery(runtime: SessionRuntime, seat: AppSeat, message: AppUserDiscovery) -> None:
    """Tell the app who else uses it, as the REST endpoint does; no SDK has a message of its own for the answer."""
    sender = sender_of(runtime, seat)
    if not sender.may(QUESTIONS):
        reject(sender, sender.refusal(TOO_OFTEN))
        return
    line = line_of(sender.session_id, sender.package_name)
    undertake(sender, line, partial(_discover, sender, bool(message.include_user_profiles)), sender.refusal)


async def _discover(sender: Sender, with_profiles: bool) -> Refusal | None:
    peers, total = await in_database(
        list_peers, sender.package_name, besides=sender.user_pk, with_profiles=with_profiles
    )
    payload = {"users": [peer.described() for peer in peers], "totalUsers": total, "timestamp": sender.now}
    await sender.answer(
        CustomMessage(
            action=DISCOVERED,
            payload=payload,
            session_id=sender.party.app_session_id,
            timestamp=sender.now,
        )
    )
    return None
