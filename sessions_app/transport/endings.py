"""How a socket ended, said once: in the counter of causes and as a line of the log (P-12)."""

import logging

from sessions_app.outbound import metrics
from sessions_app.transport.links import LocalLink

logger = logging.getLogger(__name__)

NETWORK = "network"


def note_ending(kind: str, whose: str, link: LocalLink, cause: str, now: float) -> None:
    """Count and log the end of a socket of `kind`; `whose` names it for people, `now` is seconds of the node's clock.

    The line says who ended it, with which words, how old the socket was and how long nothing had come over it.
    """
    metrics.socket_closes[kind, cause] += 1
    logger.info(
        "The %s socket of %s ended: %s, by %s, after %.1f s, %.1f s after its last frame",
        kind,
        whose,
        cause,
        _side_of(link, cause),
        now - link.opened_at,
        now - link.heard_at,
    )


def _side_of(link: LocalLink, cause: str) -> str:
    if link.closed_with:
        return f"the cloud with {link.closed_with}"
    return "nobody" if cause == NETWORK else "the peer"
