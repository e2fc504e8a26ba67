"""What the nodes are told of somebody who came into a room or left it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sessions_app.messaging.services import RoomChange
from sessions_app.messaging.wording import joined, left, updated
from sessions_app.outbound.news import app_news

USER_JOINED = "user_joined"
USER_LEFT = "user_left"
News = Iterator[tuple[str, dict[str, Any]]]


def news_of_arrival(change: RoomChange, now: datetime) -> News:
    """Yield node and message: the others hear who came, everybody how full the room is."""
    yield from _to_nodes(change, joined(change.room, change.who, now), besides=change.session_id)
    yield from _to_nodes(change, updated(change.room, USER_JOINED, now))


def news_of_departure(change: RoomChange, now: datetime) -> News:
    """Yield node and message for those who stay: who left, and how full the room is."""
    yield from _to_nodes(change, left(change.room, change.who, now))
    yield from _to_nodes(change, updated(change.room, USER_LEFT, now))


def _to_nodes(change: RoomChange, text: str, besides: str = "") -> News:
    for node_id, sessions in change.nodes.items():
        yield node_id, app_news(change.package_name, text, sessions=sessions, besides=besides)
