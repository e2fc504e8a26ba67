"""What is noted for inspectors on its way to the database. Data only."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sessions_app.inspection.exchange import Exchange

SOUND = "audio_chunk"
"""The type of entries that count sound."""


@dataclass(frozen=True, slots=True)
class Whose:
    """An app in a session of a member of its organization, who has it recorded."""

    app_id: int
    user_pk: int
    session_id: str


class Frame(NamedTuple):
    """A frame as it passed. `at` is seconds of the epoch; `text` its JSON, or the beginning of it.

    `kind` is the type of an entry that is not a message itself.
    """

    direction: str
    at: float
    size: int
    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class CallEntry:
    """A call of an app's server, or one that was due and not made: then there is no `exchange`.

    `whose` is None when it concerns somebody whose data is not the developer's; then only how it went is stored.
    """

    app_id: int
    whose: Whose | None
    kind: str
    at: datetime
    status: int | None
    problem: str
    detail: str
    exchange: Exchange | None
    attempt: int = 1
    attempts: int = 1
    again_of: int | None = None
