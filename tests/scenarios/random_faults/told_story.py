"""A short story told by hand in which every invariant holds, for tests that change one thing in it."""

from dataclasses import dataclass, field, replace
from typing import Any

from tests.scenarios.random_faults.history import (
    AppGone,
    AppReported,
    AppSeated,
    AppWished,
    DrawingShown,
    Entry,
    EventHeard,
    EventSent,
    Healed,
    History,
    PhoneDialed,
    PhoneGone,
    PhonePonged,
    PhoneWelcomed,
    RunSeen,
    Settled,
    Subscribed,
    WebhookCame,
)
from tests.scenarios.random_faults.rows import Move, Rows, RunRow, SessionRow

ADA, BOB, APP = "ada@example.com", "bob@example.com", "com.example.app"
BUTTON, HEAD = "button_press", "head_position"
GRACE_SECONDS = 9.0
ADAS_PHONE, ADAS_APP, BOBS_PHONE, BOBS_APP = 1, 2, 3, 4
ADAS, BOBS = "session of ada", "session of bob"


@dataclass
class ToldStory:
    """Lists that a test may change before it asks for history and rows."""

    entries: list[Entry] = field(default_factory=list)
    sessions: list[SessionRow] = field(default_factory=list)
    runs: list[RunRow] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)

    @property
    def history(self) -> History:
        return History(list(self.entries))

    @property
    def rows(self) -> Rows:
        return Rows(tuple(self.sessions), tuple(self.runs), tuple(self.moves))

    def move(self, session: str, package: str, at: float, *steps: str) -> None:
        """Add moves, each written as "before after cause detail"."""
        for step in steps:
            before, after, cause, *detail = step.split(" ")
            number = len(self.moves) + 1
            text = " ".join(detail)
            self.moves.append(Move(number, session, package, before.strip("-"), after, cause, text, at))

    def send(self, user: str, at: float, mark: str, *, heard: bool = True, stream: str = BUTTON) -> None:
        """Have a user send an event that is answered by a pong, and heard by the app."""
        phone, app = (ADAS_PHONE, ADAS_APP) if user == ADA else (BOBS_PHONE, BOBS_APP)
        self.entries.append(EventSent(at=at, user=user, socket=phone, stream=stream, mark=mark))
        self.entries.append(PhonePonged(at=at + 0.02, user=user, socket=phone, pinged_at=at + 0.01))
        if heard:
            self.hear(user, app, at + 0.01, mark, stream)

    def hear(self, user: str, socket: int, at: float, mark: str, stream: str = BUTTON) -> None:
        """Have the app hear an event on the socket it has for a user."""
        heard = EventHeard(
            at=at,
            user=user,
            package=APP,
            socket=socket,
            session_id=f"{user}-{APP}",
            stream=stream,
            mark=mark,
        )
        self.entries.append(heard)

    def forget(self, kind: type[Entry], **wanted: Any) -> None:
        """Take out the entries of a kind with these values."""
        self.entries = [
            entry
            for entry in self.entries
            if not isinstance(entry, kind) or any(getattr(entry, key) != wanted[key] for key in wanted)
        ]

    def change_session(self, session: str, **values: Any) -> None:
        """Change columns of a session's row."""
        self.sessions = [replace(row, **values) if row.session == session else row for row in self.sessions]

    def change_run(self, session: str, **values: Any) -> None:
        """Change columns of the row of the app in a session."""
        self.runs = [replace(row, **values) if row.session == session else row for row in self.runs]


def told_story() -> ToldStory:
    """Ada keeps her session and hears events to the end; Bob leaves and is disposed after his grace period."""
    story = ToldStory()
    for user, session, phone, app in ((ADA, ADAS, ADAS_PHONE, ADAS_APP), (BOB, BOBS, BOBS_PHONE, BOBS_APP)):
        story.move(session, "", 1000.0, "- CONNECTING phone_connected", "CONNECTING ACTIVE opened")
        story.move(session, APP, 1001.0, "- connecting start")
        story.move(session, APP, 1001.5, "connecting running attached")
        story.entries += [
            PhoneDialed(at=999.9, user=user, socket=phone, node=0),
            PhoneWelcomed(at=1000.0, user=user, socket=phone),
            AppWished(at=1000.9, user=user, socket=phone, package=APP, running=True),
            PhonePonged(at=1000.93, user=user, socket=phone, pinged_at=1000.91),
            WebhookCame(at=1001.2, user=user, package=APP, kind="session_request", status=200),
            AppSeated(at=1001.5, user=user, package=APP, socket=app, node=0, subscriptions=()),
            AppReported(at=1001.6, user=user, socket=phone, package=APP, running=True),
            Subscribed(at=1001.6, user=user, package=APP, streams=(BUTTON,)),
            _seen(user, 1003.0, "running", (BUTTON,)),
            DrawingShown(at=1004.0, user=user, package=APP, made_for=user),
        ]
        story.send(user, 1005.0, f"{user} 1")
        story.send(user, 1006.0, f"{user} 2")
    _end_bobs_session(story)
    story.sessions.append(SessionRow(ADAS, ADA, "ACTIVE", "node-1"))
    story.runs.append(RunRow(ADAS, APP, "running", (BUTTON,)))
    story.entries += [Healed(at=1030.0), Settled(at=1031.0, online={ADA: 0})]
    story.send(ADA, 1032.0, f"{ADA} 3")
    return story


def _end_bobs_session(story: ToldStory) -> None:
    story.entries += [
        PhoneGone(at=1010.0, user=BOB, socket=BOBS_PHONE),
        AppGone(at=1020.5, user=BOB, package=APP, socket=BOBS_APP, reason="1000 User session ended"),
    ]
    story.move(BOBS, "", 1010.0, "ACTIVE DISCONNECTED phone_lost")
    story.move(BOBS, "", 1020.0, "DISCONNECTED DISPOSING condemned grace_expired")
    story.move(BOBS, APP, 1020.5, "running stopped session_disposed")
    story.move(BOBS, "", 1021.0, "DISPOSING DISPOSED finished")
    story.sessions.append(SessionRow(BOBS, BOB, "DISPOSED", "", 1010.0, "grace_expired"))
    story.runs.append(RunRow(BOBS, APP, "stopped"))


def _seen(user: str, at: float, state: str, streams: tuple[str, ...]) -> RunSeen:
    return RunSeen(at=at, user=user, package=APP, state=state, subscriptions=streams, read_until=at + 0.01)
