"""Where lanes stand on the page: everything in percent of a window of time. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sessions_app.admin.timeline.lanes import SEVERITY, Lane, Mark, MarkKind, Span

# Marks closer than this would lie on one another.
NEAR_PERCENT = 1.6
MOST_TICKS = 7
SHORTEST_WINDOW = timedelta(seconds=2)
_DAY = 86_400
_STEPS = (
    *(1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800),
    *(3600, 7200, 10_800, 21_600, 43_200, _DAY, 2 * _DAY, 7 * _DAY),
)


@dataclass(frozen=True, slots=True)
class Window:
    """The time shown; never empty."""

    since: datetime
    until: datetime

    @property
    def length(self) -> timedelta:
        return max(self.until - self.since, SHORTEST_WINDOW)

    def percent(self, moment: datetime) -> float:
        """Return how far right a moment stands, within 0 and 100."""
        share = (moment - self.since) / self.length * 100
        return round(min(100.0, max(0.0, share)), 3)


@dataclass(frozen=True, slots=True)
class PlacedSpan:
    """A span with its place; `lasts` is how people say its length."""

    span: Span
    left: float
    width: float
    lasts: str


@dataclass(frozen=True, slots=True)
class PlacedMark:
    """One mark, or several that stand too close: the kind of the gravest, the text of all."""

    kind: MarkKind
    left: float
    count: int
    text: str
    key: int
    at: datetime


@dataclass(frozen=True, slots=True)
class PlacedLane:
    """A lane with everything that lies in the window."""

    name: str
    spans: tuple[PlacedSpan, ...]
    marks: tuple[PlacedMark, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the scale."""

    left: float
    label: str


def place(lanes: Iterable[Lane], window: Window, now: datetime) -> list[PlacedLane]:
    """Return the lanes as they stand in the window; what lasts is drawn until `now`."""
    return [
        PlacedLane(lane.name, tuple(_place_spans(lane.spans, window, now)), _place_marks(lane.marks, window))
        for lane in lanes
    ]


def ticks(window: Window) -> list[Tick]:
    """Return lines at round moments, at most seven."""
    length = window.length.total_seconds()
    step = next(
        (step for step in _STEPS if length / step <= MOST_TICKS),
        -(-int(length) // (MOST_TICKS * _DAY)) * _DAY,
    )
    first = -(-int(window.since.timestamp()) // step) * step
    found = []
    moment = datetime.fromtimestamp(first, UTC)
    while moment <= window.since + window.length:
        found.append(Tick(window.percent(moment), _label(moment, step)))
        moment += timedelta(seconds=step)
    return found


def spoken(length: timedelta) -> str:
    """Return a length of time as people say it: `4.2 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`."""
    seconds = length.total_seconds()
    if seconds < 60:  # noqa: PLR2004
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"  # noqa: PLR2004
    whole = round(seconds)
    for size, unit, smaller, smaller_unit in (
        (_DAY, "d", 3600, "h"),
        (3600, "h", 60, "min"),
        (60, "min", 1, "s"),
    ):
        if whole >= size:
            rest = whole % size // smaller
            return f"{whole // size} {unit}" + (f" {rest} {smaller_unit}" if rest else "")
    return f"{whole} s"


def _place_spans(spans: Iterable[Span], window: Window, now: datetime) -> Iterable[PlacedSpan]:
    end = window.since + window.length
    for span in spans:
        until = span.until or max(now, span.since)
        if until < window.since or span.since > end:
            continue
        left = window.percent(span.since)
        width = round(window.percent(until) - left, 3)
        yield PlacedSpan(span, left, width, spoken(until - span.since))


def _place_marks(marks: Sequence[Mark], window: Window) -> tuple[PlacedMark, ...]:
    end = window.since + window.length
    groups: list[list[Mark]] = []
    for mark in sorted((one for one in marks if window.since <= one.at <= end), key=lambda one: one.at):
        if groups and window.percent(mark.at) - window.percent(groups[-1][0].at) < NEAR_PERCENT:
            groups[-1].append(mark)
        else:
            groups.append([mark])
    return tuple(_join(group, window) for group in groups)


def _join(group: list[Mark], window: Window) -> PlacedMark:
    gravest = max(group, key=lambda mark: SEVERITY.index(mark.kind))
    text = "\n".join(f"{mark.at:%H:%M:%S} {mark.text}" for mark in group)
    return PlacedMark(gravest.kind, window.percent(group[0].at), len(group), text, gravest.key, group[0].at)


def _label(moment: datetime, step: int) -> str:
    if step >= _DAY:
        return f"{moment:%d %b}"
    return f"{moment:%H:%M:%S}" if step < 60 else f"{moment:%H:%M}"  # noqa: PLR2004
