"""How the dashboard is laid out, and how times are worded on it (streams-and-permissions §10).

Must not know when it is drawn, nor who put on it what stands there.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct

from sessions_app.display.board import ALWAYS_ON, EXPANDED, MAIN, Board, one_line
from sessions_app.protocol.layouts import DoubleTextWall, Layout, TextWall

NOTHING_EXPANDED: Final = "No expanded content available"
HORIZON: Final = timedelta(days=7)
_SHOWN_NOTICES: Final = 2
_LONGEST_TITLE: Final = 40
_NOON: Final = 12


class Appointment(Struct, frozen=True):
    """An entry of the phone's calendar; `starts_at` is aware."""

    title: str
    starts_at: datetime


class Wishes(Struct, frozen=True):
    """How the user wants the dashboard; `is_at_head_up` says whether looking up shows it.

    Without a `zone` appointments are told in their own.
    """

    zone: tzinfo | None = None
    has_twelve_hours: bool = True
    is_at_head_up: bool = True
    is_always_on: bool = False


def read_wishes(settings: Mapping[str, Any]) -> Wishes:
    """Return what a user's settings (camelCase names) say of the dashboard."""
    return Wishes(
        zone=find_zone(settings.get("timezone")),
        has_twelve_hours=settings.get("twelveHourTime") is not False,
        is_at_head_up=settings.get("contextualDashboard") is not False,
        is_always_on=settings.get("alwaysOnStatusBar") is True,
    )


def find_zone(name: object) -> tzinfo | None:
    """Return a time zone by its IANA name; None for what is no such name."""
    if not isinstance(name, str):
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def read_appointment(title: str | None, starts_at: str, zone: str | None) -> Appointment | None:
    """Read an entry as phones send it: ISO text, of `zone` when it has no offset; None if unreadable."""
    try:
        at = datetime.fromisoformat(starts_at)
    except ValueError:
        return None
    own = find_zone(zone)
    try:
        at = at.astimezone(own or at.tzinfo) if at.tzinfo else at.replace(tzinfo=own or UTC)
    except OverflowError:
        return None
    return Appointment(title or "", at)


def compose(
    board: Board, wishes: Wishes, now: datetime, appointments: Iterable[Appointment], *, is_looked_at: bool
) -> Layout:
    """Return what the dashboard shows; `is_looked_at` is false while it merely stays on."""
    if not is_looked_at and wishes.is_always_on and board.widget(ALWAYS_ON):
        return _wall(_status_line(wishes), board.widget(ALWAYS_ON))
    if board.mode == EXPANDED:
        return _wall(
            _expanded_title(board) or _status_line(wishes), board.widget(EXPANDED) or NOTHING_EXPANDED
        )
    if board.sections:
        return _compose_sections(board)
    notices = [each.text for each in reversed(board.notices)][:_SHOWN_NOTICES]
    appointment = word_next(appointments, wishes, now)
    return _wall(_status_line(wishes), appointment, *notices, board.widget(MAIN))


def word_next(appointments: Iterable[Appointment], wishes: Wishes, now: datetime) -> str:
    """Return the next appointment within a week in one line, or nothing."""
    coming = [each for each in appointments if now < each.starts_at <= now + HORIZON]
    if not coming:
        return ""
    following = min(coming, key=lambda each: each.starts_at)
    title = one_line(following.title, _LONGEST_TITLE) or "Appointment"
    zone = wishes.zone or following.starts_at.tzinfo
    local = following.starts_at.astimezone(zone)
    days = (local.date() - now.astimezone(zone).date()).days
    day = {0: "", 1: "tmr: "}.get(days, f"{local.month}/{local.day}: ")
    return f"{day}{title} @ {word_time(local, has_twelve_hours=wishes.has_twelve_hours)}"


def word_time(at: datetime, *, has_twelve_hours: bool) -> str:
    """Return a time of day as short as it can be: 4pm, 4:30pm, 16:30."""
    if not has_twelve_hours:
        return f"{at:%H:%M}"
    minutes = f":{at:%M}" if at.minute else ""
    return f"{at.hour % _NOON or _NOON}{minutes}{'am' if at.hour < _NOON else 'pm'}"


def texts_of(layout: Layout) -> str:
    """Return the texts of a layout of `compose`."""
    if isinstance(layout, DoubleTextWall):
        return f"{layout.top_text}\n{layout.bottom_text}"
    return layout.text if isinstance(layout, TextWall) else ""


def _compose_sections(board: Board) -> Layout:
    section = board.sections.get
    left = _lines(section("topLeft", ""), section("bottomLeft", ""))
    right = _lines(section("topRight", ""), section("bottomRight", ""), board.widget(MAIN))
    return DoubleTextWall(left, right)


def _expanded_title(board: Board) -> str:
    corners = (board.sections.get("topLeft", ""), board.sections.get("topRight", ""))
    return " | ".join(corner for corner in corners if corner)


def _status_line(wishes: Wishes) -> str:
    # The phone fills the tokens in: it knows its user's clock and the glasses' battery best.
    return f"◌ $DATE$, {'$TIME12$' if wishes.has_twelve_hours else '$TIME24$'}, $GBATT$"


def _wall(*parts: str) -> TextWall:
    return TextWall(_lines(*parts))


def _lines(*parts: str) -> str:
    return "\n".join(part for part in parts if part)
