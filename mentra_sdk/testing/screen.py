"""What the glasses show, now and before. Knows drawings, no app and no socket."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from mentra_sdk.layouts import (
    BitmapView,
    ClearView,
    DashboardCard,
    DoubleTextWall,
    Layout,
    ReferenceCard,
    TextWall,
)
from mentra_sdk.testing.waiting import Changes

NOT_TEXT = frozenset({"layoutType", "data", "frames", "interval", "repeat", "width", "height"})
RECENT = 5

_Known = TextWall | DoubleTextWall | ReferenceCard | DashboardCard | BitmapView | ClearView


@dataclass(frozen=True)
class Drawing:
    """One drawing of an app; `text` is all it says, line by line, and empty when the glasses are dark."""

    package_name: str
    fields: dict[str, Any]
    duration_seconds: float | None = None

    @property
    def kind(self) -> str:
        """What it is on the wire, such as "text_wall"."""
        return str(self.fields.get("layoutType"))

    @property
    def text(self) -> str:
        """All its texts, one below the other."""
        return "\n".join(str(value) for name, value in self.fields.items() if name not in NOT_TEXT)

    @property
    def layout(self) -> Layout:
        """The drawing as the class of `mentra_sdk.layouts`; raises msgspec.ValidationError for another kind."""
        known: Layout = msgspec.convert(self.fields, _Known)
        return known

    def __str__(self) -> str:
        return f"{self.text!r} ({self.kind} of {self.package_name})"


Wanted = str | Layout | Callable[[Drawing], bool]


class Screen:
    """The display of one user's glasses. Shows every drawing at once: no throttle, no boot screen, no locks."""

    def __init__(self, changes: Changes, describe: Callable[[], str]) -> None:
        self.drawings: list[Drawing] = []
        self._changes = changes
        self._describe = describe
        self._seen = -1

    @property
    def current(self) -> Drawing | None:
        """What is shown now; None when nothing was ever drawn."""
        return self.drawings[-1] if self.drawings else None

    def draw(self, drawing: Drawing) -> None:
        """Show a drawing."""
        self.drawings.append(drawing)
        self._changes.tell()

    async def shows(self, wanted: Wanted, seconds: float) -> Drawing:
        """Wait for a drawing since the last one that was found, that one included while it is still shown."""

        def find() -> Drawing | None:
            first = self._seen if self._seen == len(self.drawings) - 1 else self._seen + 1
            for number in range(max(first, 0), len(self.drawings)):
                if matches(self.drawings[number], wanted):
                    self._seen = number
                    return self.drawings[number]
            return None

        return await self._changes.until(find, lambda: self._complain(wanted, seconds), seconds)

    def _complain(self, wanted: Wanted, seconds: float) -> str:
        name = getattr(wanted, "__name__", wanted) if callable(wanted) else wanted
        lines = [f"the glasses did not show {name!r} within {seconds:g} s"]
        lines.append(f"shown now: {self.current or 'nothing, no app has drawn yet'}")
        lines += [f"before: {drawing}" for drawing in reversed(self.drawings[-RECENT - 1 : -1])]
        return "\n  ".join([*lines, *self._describe().splitlines()])


def matches(drawing: Drawing, wanted: Wanted) -> bool:
    """Tell whether a drawing is the wanted one: contains the text (dark for ""), is the layout, or passes."""
    if isinstance(wanted, str):
        return wanted in drawing.text if wanted else not drawing.text
    if isinstance(wanted, Layout):
        return bool(drawing.fields == msgspec.to_builtins(wanted))
    return wanted(drawing)
