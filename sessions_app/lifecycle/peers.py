"""Reaching the users of an app wherever their sessions are: at this node directly, at each other one by a message.

A text that finds an app's socket on its way back is held for it, as every event is.
"""

import asyncio
import logging
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from django.conf import settings

from sessions_app.app_runs.seat import AppSeat
from sessions_app.clock import SystemClock
from sessions_app.database import Journal, in_database
from sessions_app.errors import OwnerUnreachable, SessionAbsent
from sessions_app.lifecycle import residents
from sessions_app.lifecycle.errands import errands
from sessions_app.lifecycle.telling import tell_app_text
from sessions_app.messaging.news import news_of_departure
from sessions_app.messaging.rules import NOT_ACTIVE, NOT_REACHED, Refusal
from sessions_app.messaging.selectors import find_peer
from sessions_app.messaging.services import RoomChange, leave_rooms
from sessions_app.outbound import metrics
from sessions_app.outbound.commands import DONE, Reply, TellApp
from sessions_app.outbound.news import APP_NEWS
from sessions_app.outbound.node_wire import wire_to
from sessions_app.outbound.owner import ask
from sessions_app.states import SessionRef

logger = logging.getLogger(__name__)

MOST_NEWS_WAITING = 1_000
AT_ONCE = 100
# A sender hears within 15 s what became of a message (app-socket §7.5).
ANSWER_SECONDS = 3.0
REACH_SECONDS = 8.0
# Between two looks for a session that changes its owner just now.
PAUSES_SECONDS = (0.3, 1.0)
_clock = SystemClock()


def spread(news: Iterable[tuple[str, dict[str, Any]]]) -> bool:
    """Give each node its message, this one too; say whether there was room for all of them."""
    # Each of them is told, whatever became of those before it.
    given = [_give(node_id, message) for node_id, message in news]
    return all(given)


def _give(node_id: str, message: dict[str, Any]) -> bool:
    if node_id == settings.NODE_ID:
        return take_news(message)
    return wire_to(node_id).send(message)


def take_news(message: dict[str, Any]) -> bool:
    """Pass a text on to those at this node whom it is for, after earlier ones; false when there is no room."""
    line = ("news", message["package"])
    taken = errands.run(line, partial(_pass_on, message), most_waiting=MOST_NEWS_WAITING)
    if not taken:
        metrics.app_messages["dropped"] += 1
    return taken


def _receive(message: dict[str, Any]) -> None:
    take_news(message)


async def _pass_on(message: dict[str, Any]) -> None:
    text, package_name = message["text"], message["package"]
    for count, (session_id, seat) in enumerate(_seats_for(package_name, message.get("sessions")), start=1):
        if session_id != message["besides"] and tell_app_text(seat, text):
            metrics.app_messages["delivered"] += 1
        if count % AT_ONCE == 0:
            await asyncio.sleep(0)


def _seats_for(package_name: str, sessions: Iterable[str] | None) -> Iterator[tuple[str, AppSeat]]:
    if sessions is None:
        runtimes = list(residents.residents())
    else:
        runtimes = [found for each in sessions if (found := residents.find(each)) is not None]
    for runtime in runtimes:
        seat = runtime.apps.find(package_name)
        if seat is not None:
            yield runtime.ref.session_id, seat


async def reach(package_name: str, user_id: str, text: str) -> Refusal | None:
    """Give a text to one user's running app; return why not, or None. Ends within eight seconds.

    A message that may have arrived is not sent again.
    """
    try:
        async with asyncio.timeout(REACH_SECONDS):
            for pause in (*PAUSES_SECONDS, 0.0):
                found = await in_database(find_peer, package_name, user_id)
                if found is None:
                    return NOT_ACTIVE
                reply = await _ask(found.session_id, TellApp(package_name, text), found.node_id)
                if reply.ok:
                    return None
                if reply.code == NOT_ACTIVE.code:
                    return NOT_ACTIVE
                await asyncio.sleep(pause)
    except (TimeoutError, OwnerUnreachable) as problem:
        logger.warning("A message for %s was not delivered: %s", package_name, problem)
    return NOT_REACHED


async def tell(session_id: str, package_name: str, text: str) -> None:
    """Give a text to the app of one session, whoever owns it by now; lost when nobody does."""
    runtime = residents.find(session_id)
    seat = runtime.apps.find(package_name) if runtime is not None else None
    if seat is not None:
        tell_app_text(seat, text)
    elif runtime is None:
        try:
            await _ask(session_id, TellApp(package_name, text))
        except OwnerUnreachable as problem:
            logger.info("%s did not hear what became of its message: %s", session_id, problem)


async def _ask(session_id: str, command: TellApp, node_id: str = "") -> Reply:
    try:
        return await ask(session_id, command, ANSWER_SECONDS, node_id=node_id)
    except SessionAbsent as problem:
        return Reply(ok=False, code="NO_ACTIVE_SESSION", message=str(problem))


def take_text(seat: AppSeat | None, text: str) -> Reply:
    """Carry out `TellApp`."""
    if seat is None or not tell_app_text(seat, text):
        return Reply(ok=False, code=NOT_ACTIVE.code, message=NOT_ACTIVE.message)
    metrics.app_messages["delivered"] += 1
    return DONE


def line_of(session_id: str, package_name: str) -> tuple[str, str, str]:
    """Return the line in which the wishes of an app session about rooms and broadcasts are done one after another."""
    return ("wishes", session_id, package_name)


def app_ended(journal: Journal, ref: SessionRef, package_name: str) -> None:
    """Take an app that was stopped out of its rooms, after its stop was stored; the sweep finds whom this misses."""
    changes: list[RoomChange] = []

    def leave() -> None:
        changes.extend(leave_rooms(session_id=ref.session_id, package_name=package_name))

    def tell_others(_: object) -> None:
        for change in changes:
            spread(news_of_departure(change, _clock.now()))

    journal.write(leave).add_done_callback(tell_others)


RECEIVERS = {APP_NEWS: _receive}
