"""Which speech workers there are, as Redis shows them; with Redis away the last view stays."""

from collections.abc import Mapping

from redis.exceptions import RedisError

from sessions_app.outbound.redis import redis_client
from sessions_app.speech.register import entry_key, read_entry
from sessions_app.speech.rules import WorkerFacts


async def look_at_workers() -> Mapping[str, WorkerFacts] | None:
    """Return the workers by id; None when Redis cannot be asked."""
    client = redis_client()
    try:
        names = [name async for name in client.scan_iter(match=entry_key("*"), count=100)]
        entries = await client.mget(names) if names else []
    except (RedisError, OSError):
        return None
    found = (read_entry(entry) for entry in entries if entry is not None)
    return {facts.worker_id: facts for facts in found if facts is not None}
