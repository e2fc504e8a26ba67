"""Which speech workers there are, as Redis shows them; with Redis away the last view stays."""

import logging
from collections.abc import Mapping

import msgspec
from redis.exceptions import RedisError

from sessions_app.outbound.redis import key, redis_client
from sessions_app.speech.rules import WorkerFacts

logger = logging.getLogger(__name__)

ENTRY = "speech-worker"
_decode = msgspec.json.Decoder(WorkerFacts).decode


async def look_at_workers() -> Mapping[str, WorkerFacts] | None:
    """Return the workers by id; None when Redis cannot be asked."""
    client = redis_client()
    try:
        names = [name async for name in client.scan_iter(match=f"{key(ENTRY, '')}*", count=100)]
        entries = await client.mget(names) if names else []
    except (RedisError, OSError):
        return None
    found = (_read(entry) for entry in entries if entry is not None)
    return {facts.worker_id: facts for facts in found if facts is not None}


def _read(entry: str | bytes) -> WorkerFacts | None:
    try:
        return _decode(entry)
    except msgspec.DecodeError as problem:
        logger.warning("A speech worker's entry in the register cannot be read: %s", problem)
        return None
