"""Which part of a session is shown, and the links to other parts. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sessions_app.admin.timeline.layout import SHORTEST_WINDOW, Window, spoken

LENGTHS = tuple(timedelta(seconds=seconds) for seconds in (60, 600, 3600, 21_600, 86_400))


@dataclass(frozen=True, slots=True)
class RangeLink:
    """A link to a part of the session, as the query of the page's address."""

    label: str
    query: str
    is_current: bool = False


def read_window(
    began_at: datetime, ended_at: datetime, last_text: str = "", until_text: str = ""
) -> tuple[Window, bool]:
    """Return the part asked for and whether it follows the end: `last` seconds before `until` or the end.

    Whatever is no number or moment, or lies outside, gives the nearest part there is.
    """
    ended_at = max(ended_at, began_at + SHORTEST_WINDOW)
    length = _seconds(last_text)
    if length is None:
        return Window(began_at, ended_at), True
    until = _moment(until_text)
    if until is None or until >= ended_at:
        return Window(max(began_at, ended_at - length), ended_at), True
    until = max(until, began_at + SHORTEST_WINDOW)
    return Window(max(began_at, until - length), until), False


def range_links(began_at: datetime, ended_at: datetime, window: Window, *, follows: bool) -> list[RangeLink]:
    """Return the whole, the last minutes or hours that are less than the whole, and steps from here."""
    whole = ended_at - began_at
    shows_all = window.since <= began_at and follows
    links = [RangeLink("All", "", shows_all)]
    links += [
        RangeLink(
            f"Last {spoken(length)}",
            f"last={length.total_seconds():.0f}",
            follows and length == window.length,
        )
        for length in reversed(LENGTHS)
        if length < whole
    ]
    length = window.length
    if window.since > began_at:
        links.append(RangeLink("Earlier", _query(length, window.since + length * 0.1)))
    if not follows:
        links.append(RangeLink("Later", _query(length, window.until + length * 0.9)))
    if length > 2 * SHORTEST_WINDOW:
        links.append(RangeLink("Zoom in", _query(length / 2, window.until - length / 4)))
    if not shows_all:
        links.append(RangeLink("Zoom out", _query(length * 2, window.until + length / 2)))
    return links


def _query(length: timedelta, until: datetime) -> str:
    return f"last={length.total_seconds():.0f}&until={until.timestamp():.0f}"


def _seconds(text: str) -> timedelta | None:
    if not text.isdecimal() or len(text) > 9:  # noqa: PLR2004
        return None
    return max(timedelta(seconds=int(text)), SHORTEST_WINDOW)


def _moment(text: str) -> datetime | None:
    if not text.isdecimal() or len(text) > 10:  # noqa: PLR2004
        return None
    return datetime.fromtimestamp(int(text), UTC)
