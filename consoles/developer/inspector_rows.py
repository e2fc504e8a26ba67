"""Rows of a time line as the inspector draws them."""

import json
import re
from dataclasses import dataclass
from typing import Any

from sessions_app.inspection.advice import Advice, advice_for
from sessions_app.inspection.timeline import Row, place_of
from sessions_app.models import SocketMessage, WebhookCall
from sessions_app.models.inspection import INCOMING, OUTGOING

ARROWS = {INCOMING: ("←", "from the app"), OUTGOING: ("→", "to the app")}
NO_ARROW = ("•", "about the socket")
# The line says the type already.
_TYPE_FIRST = re.compile(r'^\{"type": "[^"]*"(, )?')
KIBIBYTE = 1024
SECOND_MS = 1000
BAR_WIDTH = 100.0


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `arrow` and `way` say whence and whither, `order` sorts lines as text, newest last."""

    row: Row
    is_call: bool
    order: str
    arrow: str
    way: str
    title: str
    preview: str
    outcome: str
    amount: str
    is_strangers: bool = False

    @property
    def id(self) -> str:
        """The id of the line on the page."""
        return f"{'call' if self.is_call else 'message'}-{self.row.pk}"

    @property
    def time(self) -> str:
        """The time of day, UTC, to the millisecond."""
        return self.row.at.strftime("%H:%M:%S.%f")[:-3]


def line_of(row: Row) -> Line:
    """Return the line of a row."""
    place = place_of(row)
    order = f"{place.at.timestamp():017.6f} {place.is_call:d} {place.pk:018}"
    return _call_line(row, order) if isinstance(row, WebhookCall) else _message_line(row, order)


def _call_line(call: WebhookCall, order: str) -> Line:
    tries = f"attempt {call.attempt} of {call.attempts}" if call.attempts > 1 else ""
    again = "sent again by hand" if call.again_of else ""
    is_strangers = call.user_id is None
    whom = "for somebody else" if is_strangers else ""
    return Line(
        row=call,
        is_call=True,
        order=order,
        arrow="⇢",
        way="webhook to the app's server",
        title=call.kind,
        preview=", ".join(part for part in (whom, again, tries, call.detail) if part),
        outcome=str(call.status or "no answer"),
        amount=milliseconds(call.total_ms),
        is_strangers=is_strangers,
    )


def _message_line(message: SocketMessage, order: str) -> Line:
    arrow, way = ARROWS.get(message.direction, NO_ARROW)
    return Line(
        row=message,
        is_call=False,
        order=order,
        arrow=arrow,
        way=way,
        title=message.type,
        preview=_TYPE_FIRST.sub("{", getattr(message, "preview", "")),
        outcome="",
        amount=amount_of(message.size),
    )


def milliseconds(value: float | None) -> str:
    """Return a time as people read it."""
    if value is None:
        return "–"
    return f"{value / SECOND_MS:.2f} s" if value >= SECOND_MS else f"{value:.3g} ms"


def amount_of(size: int) -> str:
    """Return a size as people read it."""
    return f"{size} B" if size < KIBIBYTE else f"{size / KIBIBYTE:.1f} KiB"


def pretty(text: str) -> str:
    """Return JSON text with a line per member; other text as it is."""
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the time a call took; `start` and `width` are percent of all of it."""

    name: str
    time: str
    start: float
    width: float


def parts_of(call: WebhookCall) -> list[Part]:
    """Return what the time of a call went into, in order; the rest is reading the answer."""
    total = call.total_ms or 0.0
    if not total:
        return []
    named = [("DNS", call.dns_ms), ("connect", call.connect_ms), ("wait", call.wait_ms)]
    known = [(name, spent) for name, spent in named if spent is not None]
    rest = max(0.0, total - sum(spent for _, spent in known))
    parts, start = [], 0.0
    for name, spent in [*known, ("rest", rest)]:
        width = min(spent / total * BAR_WIDTH, BAR_WIDTH - start)
        parts.append(Part(name, milliseconds(spent), round(start, 2), round(width, 2)))
        start += width
    return parts


def details_of(row: Row) -> dict[str, Any]:
    """Return what the opened line shows besides the line itself."""
    advice: Advice | None = advice_for(row.problem)
    if isinstance(row, SocketMessage):
        return {"advice": advice, "payload": pretty(row.payload)}
    return {
        "advice": advice,
        "parts": parts_of(row),
        "request_body": pretty(row.request_body),
        "response_body": pretty(row.response_body),
    }
