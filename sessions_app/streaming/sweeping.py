"""Removing what a media server holds for streams that are over (P-44). Everything blocks."""

import logging
from datetime import datetime, timedelta

from asgiref.sync import async_to_sync

from sessions_app.media_servers.choosing import media_server
from sessions_app.media_servers.of_phones import held_by_phones
from sessions_app.media_servers.server import MediaServerError
from sessions_app.streaming.selectors import list_inputs_in_use
from sessions_app.streaming.services import end_streams_of_ended_sessions

logger = logging.getLogger(__name__)

# Younger places may belong to a stream whose row is still on its way.
YOUNG = timedelta(minutes=10)


def sweep_inputs(*, now: datetime) -> int:
    """Remove every place at the media server that no stream of a live session and no phone has; return how many.

    What the media server does not do now it is asked for again at the next sweep.
    """
    end_streams_of_ended_sessions(now=now)
    server = media_server()
    if server is None:
        return 0
    removed = 0
    try:
        listed = async_to_sync(server.list_inputs)()
        old = [input_id for input_id, created_at in listed if created_at < now - YOUNG]
        for input_id in frozenset(old) - list_inputs_in_use(old) - held_by_phones(old):
            async_to_sync(server.remove)(input_id)
            removed += 1
    except MediaServerError as trouble:
        logger.warning("The media server was not swept: %s", trouble)
    if removed:
        logger.warning("Removed %d places at the media server that belonged to no stream", removed)
    return removed
