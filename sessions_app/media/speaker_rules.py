"""When a speaker stream goes on, is offered to the phone again, or ends (media.md §4). Times are the steady clock's.

Must not know who sends the sound or how it gets to the phone.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sessions_app.protocol.codes import ErrorCode

ID_LENGTH: Final = 36
REQUEST_PREFIX: Final = "stream_"
# One is open, the others are being heard to their end.
MOST_OF_AN_APP: Final = 4

CLAIM_SECONDS: Final = 15.0
RETURN_SECONDS: Final = 10.0
ABANDON_SECONDS: Final = 60.0
APP_GRACE_SECONDS: Final = 10.0
# A reader asks for more at least once a second.
READER_SECONDS: Final = 3.0
# A phone that cannot play what comes is not kept busy with it.
TELLING_PAUSE_SECONDS: Final = 2.0
MOST_TELLINGS: Final = 10
ANSWER_SECONDS: Final = 60.0


class Turn(StrEnum):
    """What happens to a stream by itself, if nothing else happens before."""

    READER_LOST = "the phone lets go of it"
    TELL_AGAIN = "the phone is told of it again"
    UNCLAIMED = "the phone did not fetch it"
    NOT_BACK = "the phone did not come back for it"
    ABANDONED = "no sound came for it"
    UNREAD = "the phone takes no more of it"
    APP_GONE = "its app did not come back"


@dataclass(slots=True)
class StreamState:
    """Where a stream stands.

    `waiting_since` is when the phone was to fetch it, or lost it; `moved_at` when sound last came, or after the end
    was last taken. `reader` is who fetches it now, heard of at `heard_at`, maybe waiting for more (`pulls`).
    `is_returning`: the phone came anew, so that another reader may take the place of one that seems to be there.
    """

    waiting_since: float
    moved_at: float
    told_at: float = 0.0
    tellings: int = 0
    owes_telling: bool = False
    reader: str = ""
    heard_at: float = 0.0
    pulls: int = 0
    was_claimed: bool = False
    is_returning: bool = False
    app_left_at: float | None = None
    is_ending: bool = False

    def admits(self, reader: str) -> bool:
        """Whether this reader may have the sound: one at a time."""
        return self.is_returning or self.reader in ("", reader)


def next_turn(state: StreamState) -> tuple[float, Turn]:
    """Return what happens to the stream next, and when."""
    turns = list(_reader_turns(state))
    if not state.is_ending:
        turns.append((state.moved_at + ABANDON_SECONDS, Turn.ABANDONED))
        if state.app_left_at is not None:
            turns.append((state.app_left_at + APP_GRACE_SECONDS, Turn.APP_GONE))
    return min(turns)


def _reader_turns(state: StreamState) -> list[tuple[float, Turn]]:
    if state.reader:
        turns = [(state.moved_at + ABANDON_SECONDS, Turn.UNREAD)] if state.is_ending else []
        if not state.pulls:
            turns.append((state.heard_at + READER_SECONDS, Turn.READER_LOST))
        return turns
    if not state.was_claimed:
        return [(state.waiting_since + CLAIM_SECONDS, Turn.UNCLAIMED)]
    turns = [(state.waiting_since + RETURN_SECONDS, Turn.NOT_BACK)]
    if state.owes_telling:
        turns.append((state.told_at + TELLING_PAUSE_SECONDS, Turn.TELL_AGAIN))
    return turns


def stream_key(stream_id: str) -> str:
    """Return what tells streams apart: ids are opaque and their case says nothing (P-11). Empty: not an id."""
    is_id = len(stream_id) == ID_LENGTH and stream_id.isascii() and stream_id.isprintable()
    return stream_id.lower() if is_id and " " not in stream_id else ""


def split_frame(frame: bytes) -> tuple[str, bytes]:
    """Return the key of the stream a binary frame is for, empty if it names none, and its sound (app-socket §9)."""
    return stream_key(frame[:ID_LENGTH].decode("ascii", "replace")), frame[ID_LENGTH:]


def key_of_request(request_id: str) -> str:
    """Return the key of the stream that a request to play is for; empty when it is for none."""
    prefix, _, stream_id = request_id.partition(REQUEST_PREFIX)
    return stream_key(stream_id) if not prefix else ""


def is_on_track(track_id: float | None, stopped_track: float | None) -> bool:
    """Whether stopping a track, None meaning all, stops a stream; of one never played no track is known."""
    return stopped_track is None or track_id is None or track_id == stopped_track


def failure_of(turn: Turn, *, phone_open: bool) -> tuple[ErrorCode, str]:
    """Return what the app is told of a stream that ends by itself."""
    if turn in (Turn.UNCLAIMED, Turn.NOT_BACK) and not phone_open:
        return ErrorCode.PHONE_DISCONNECTED, "The phone is away, so the sound ended"
    seconds = {
        Turn.UNCLAIMED: f"The phone did not fetch the sound within {CLAIM_SECONDS:.0f} s",
        Turn.NOT_BACK: f"The phone let go of the sound and did not come back within {RETURN_SECONDS:.0f} s",
        Turn.ABANDONED: f"No sound came from the app for {ABANDON_SECONDS:.0f} s",
        Turn.UNREAD: f"The phone took none of the sound for {ABANDON_SECONDS:.0f} s",
        Turn.APP_GONE: f"The app's socket was away for {APP_GRACE_SECONDS:.0f} s",
    }
    return ErrorCode.TIMEOUT, seconds[turn]
