"""What stands on the dashboard, who wrote it and whose turn it is (streams-and-permissions §10).

Functions of (board, event) that return the next board. Must not know timers, sockets or how it is drawn.
"""

from collections.abc import Iterable
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from sessions_app.display.screen import without

MAIN: Final = "main"
EXPANDED: Final = "expanded"
# Apps may write for it; it is no mode of its own but what stays when nobody looks up.
ALWAYS_ON: Final = "always_on"
MODES: Final = (MAIN, EXPANDED)
TARGETS: Final = (*MODES, ALWAYS_ON)
SECTIONS: Final = ("topLeft", "topRight", "bottomLeft", "bottomRight")

LONGEST_CONTENT: Final = 2_000
NOTICE_SECONDS: Final = 15 * 60
_KEPT_NOTICES: Final = 5
_LONGEST_NOTICE: Final = 60


class Notice(Struct, frozen=True):
    """A notification of the phone in one line; `expires_at` in seconds of the epoch."""

    notification_id: str
    text: str
    expires_at: float


class Board(Struct, frozen=True):
    """Everything on one user's dashboard that somebody put there.

    `contents` is by mode and package, in the order in which apps began to write; of `expanded` the newest is last.
    `turn` is the package whose content is shown. `sections` are those of the system's dashboard app;
    `is_drawn_by_app` says that it draws the whole view itself. Dictionaries are never changed in place.
    """

    contents: dict[str, dict[str, str]] = {}
    turn: str = ""
    sections: dict[str, str] = {}
    notices: tuple[Notice, ...] = ()
    mode: str = MAIN
    is_drawn_by_app: bool = False

    @property
    def is_bare(self) -> bool:
        """Whether nobody put anything on it."""
        return not (any(self.contents.values()) or self.sections or self.notices)

    def widget(self, mode: str) -> str:
        """Return the content to be shown of a mode; empty when no app wrote any."""
        contents = self.contents.get(mode, {})
        if not contents:
            return ""
        if mode == EXPANDED:
            return next(reversed(contents.values()))
        return contents.get(self.turn) or next(iter(contents.values()))


def write(board: Board, package: str, content: str, targets: Iterable[str]) -> Board:
    """An app writes its content for some modes; empty content removes it there."""
    contents = dict(board.contents)
    for target in targets:
        kept = contents.get(target, {})
        if target == EXPANDED or not content.strip():
            kept = without(kept, {package})
        if content.strip():
            kept = {**kept, package: content}
        contents[target] = kept
    return replace(board, contents=contents, turn=_turn_after(board, contents.get(MAIN, {})))


def remove_app(board: Board, package: str, owner: str) -> Board:
    """An app stopped: nothing of it stays, and with the system's dashboard app (`owner`) go its sections and mode."""
    contents = {mode: without(kept, {package}) for mode, kept in board.contents.items()}
    board = replace(board, contents=contents, turn=_turn_after(board, contents.get(MAIN, {})))
    if package == owner:
        board = replace(board, sections={}, mode=MAIN, is_drawn_by_app=False)
    return board


def rotate(board: Board) -> Board:
    """Let the next app have its turn: the user looks up."""
    packages = list(board.contents.get(MAIN, {}))
    if not packages:
        return board
    place = packages.index(board.turn) + 1 if board.turn in packages else 0
    return replace(board, turn=packages[place % len(packages)])


def fill(board: Board, section: str, content: str) -> Board:
    """The system's dashboard app fills a section; empty content leaves it to the cloud again."""
    sections = without(board.sections, {section})
    if content.strip():
        sections[section] = content
    return replace(board, sections=sections, is_drawn_by_app=False)


def notify(board: Board, notification_id: str, text: str, now: float) -> Board:
    """A notification appeared on the phone, or says something else now; it becomes the newest."""
    text = one_line(text, _LONGEST_NOTICE)
    notices = [each for each in board.notices if each.notification_id != notification_id]
    if text:
        notices.append(Notice(notification_id, text, now + NOTICE_SECONDS))
    return replace(board, notices=tuple(notices[-_KEPT_NOTICES:]))


def dismiss(board: Board, notification_id: str) -> Board:
    """A notification disappeared from the phone."""
    notices = tuple(each for each in board.notices if each.notification_id != notification_id)
    return replace(board, notices=notices)


def expire(board: Board, now: float) -> Board:
    """Take away notifications that have been there for long enough."""
    if all(each.expires_at > now for each in board.notices):
        return board
    return replace(board, notices=tuple(each for each in board.notices if each.expires_at > now))


def one_line(text: str, longest: int) -> str:
    """Return text as one line of at most so many characters."""
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


def _turn_after(board: Board, contents: dict[str, str]) -> str:
    """Return whose turn it is among `contents`: who follows the one that went, if it was theirs."""
    if board.turn in contents:
        return board.turn
    before = list(board.contents.get(MAIN, {}))
    place = before.index(board.turn) if board.turn in before else 0
    following = [*before[place:], *before[:place], *contents]
    return next((package for package in following if package in contents), "")
