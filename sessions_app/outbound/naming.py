"""A node's name is its own: two processes under one NODE_ID would answer for each other's sessions.

The register is no witness, as a process that crashed stays in it for a while; who listens under the name is one.
A crashed process does not listen, so it starts again at once. One whose whole machine is lost may still seem to, until
Redis misses it: it is asked, and does not answer.
"""

from sessions_app.errors import NodeIdTaken, OwnerUnreachable
from sessions_app.outbound.commands import HandOn
from sessions_app.outbound.node import Inbox, is_listened_to

QUESTIONS = 3
ANSWER_SECONDS = 1.0
# No session has this id: whoever lives says that it does not own it.
_NO_SESSION = ""


async def require_free_name(node_id: str) -> None:
    """Raise NodeIdTaken when a living process takes messages under `node_id`; with Redis away nobody can tell."""
    if await is_listened_to(node_id) and await _answers(node_id):
        raise NodeIdTaken(
            f"a node with the name {node_id} is running already; give each node a NODE_ID of its own, "
            "or wait until that one has ended."
        )


async def _answers(node_id: str) -> bool:
    inbox = Inbox()
    try:
        await inbox.open()
        for _ in range(QUESTIONS):
            try:
                await inbox.request(node_id, _NO_SESSION, HandOn(generation=0), ANSWER_SECONDS)
            except OwnerUnreachable:
                continue
            return True
    except OwnerUnreachable:
        return False
    finally:
        await inbox.close()
    return False
