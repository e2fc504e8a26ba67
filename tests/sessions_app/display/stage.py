"""A display with a clock that tests move, and short words for what happens on it."""

from datetime import datetime

from sessions_app.display.arbiter import Arbiter
from sessions_app.display.screen import CLEAR, Drawing, Verdict
from sessions_app.protocol.app_to_cloud import DisplayEvent
from sessions_app.protocol.layouts import Layout, ReferenceCard, TextWall
from tests.support.fake_clock import START, FakeClock

CAPTIONS = "com.example.captions"
NOTES = "com.example.notes"
TIMER = "com.example.timer"


class Stage:
    """One user's display; `sent` holds (seconds, package, text) of everything the phone was sent."""

    def __init__(self, *, reachable: bool = True, start: datetime = START) -> None:
        self.clock = FakeClock(start)
        self.sent: list[tuple[float, str, str]] = []
        self.drawings: list[Drawing] = []
        self.arbiter = Arbiter(self._record, self.clock)
        if reachable:
            self.arbiter.set_reachable(True)

    def run(self, package: str, app_type: str = "background") -> None:
        """Let an app run without a boot screen."""
        self.arbiter.app_started(package, package, app_type)

    def ask(
        self,
        package: str,
        text: str,
        *,
        duration_ms: float | None = None,
        force: bool | None = None,
        view: str | None = None,
    ) -> Verdict:
        """Let an app ask for a text."""
        message = DisplayEvent(layout=TextWall(text), view=view, duration_ms=duration_ms, force_display=force)
        return self.arbiter.request(package, message)

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.clock.advance(seconds)

    @property
    def texts(self) -> list[str]:
        """All texts sent, an empty one for a cleared display."""
        return [text for _, _, text in self.sent]

    @property
    def last(self) -> str:
        """The text the glasses show now."""
        return self.sent[-1][2]

    def forget(self) -> None:
        """Drop what was recorded so far."""
        self.sent.clear()
        self.drawings.clear()

    def _record(self, drawing: Drawing) -> None:
        self.sent.append((round(self.clock.monotonic(), 3), drawing.package, text_of(drawing.layout)))
        self.drawings.append(drawing)


def text_of(layout: Layout) -> str:
    """Return the text of the layouts these tests use."""
    if isinstance(layout, TextWall):
        return layout.text
    if isinstance(layout, ReferenceCard):
        return f"{layout.title}: {layout.text}"
    return type(layout).__name__


BLANK = text_of(CLEAR.layout)
