"""The form of a speech worker's entry in Redis; workers write it, nodes, pages and commands read it."""

import logging

import msgspec

from sessions_app.outbound.redis import key
from sessions_app.speech.rules import WorkerFacts

logger = logging.getLogger(__name__)

_decode = msgspec.json.Decoder(WorkerFacts).decode


def entry_key(worker_id: str) -> str:
    """Return where a worker's entry is; of the id `*`, the pattern of all of them."""
    return key("speech-worker", worker_id)


def read_entry(entry: str | bytes) -> WorkerFacts | None:
    """Return what an entry says; None of one that another version wrote and this one cannot read."""
    try:
        return _decode(entry)
    except msgspec.DecodeError as problem:
        logger.warning("A speech worker's entry in the register cannot be read: %s", problem)
        return None
