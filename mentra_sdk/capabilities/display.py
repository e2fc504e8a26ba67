"""Drawing on the glasses (app-socket §7.1). Fire and forget: the newest drawing of a view wins."""

import base64
from collections.abc import Iterable

from mentra_sdk.layouts import (
    BitmapView,
    ClearView,
    DashboardCard,
    DoubleTextWall,
    Layout,
    ReferenceCard,
    TextWall,
)
from mentra_sdk.outbox import Send
from mentra_sdk.wire import DisplayEvent

MAIN_VIEW, DASHBOARD_VIEW = "main", "dashboard"
MOST_PICTURE_CHARACTERS = 1_000_000


class Display:
    """The display of the user's glasses. `duration_seconds` None means until something else is shown."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._kept: dict[str, Layout] = {}

    def show_text(self, text: str | Iterable[str], *, duration_seconds: float | None = None) -> None:
        """Show a text, or several lines."""
        self.show_text_wall(
            text if isinstance(text, str) else "\n".join(text), duration_seconds=duration_seconds
        )

    def show_text_wall(self, text: str, *, duration_seconds: float | None = None) -> None:
        """Show one block of text."""
        self.show(TextWall(text=text), duration_seconds=duration_seconds)

    def show_double_text_wall(
        self, top_text: str, bottom_text: str, *, duration_seconds: float | None = None
    ) -> None:
        """Show two blocks of text, one above the other."""
        layout = DoubleTextWall(top_text=top_text, bottom_text=bottom_text)
        self.show(layout, duration_seconds=duration_seconds)

    def show_reference_card(self, title: str, text: str, *, duration_seconds: float | None = None) -> None:
        """Show a title with a text below."""
        self.show(ReferenceCard(title=title, text=text), duration_seconds=duration_seconds)

    def show_dashboard_card(
        self, left_text: str, right_text: str, *, duration_seconds: float | None = None
    ) -> None:
        """Show two short texts side by side."""
        layout = DashboardCard(left_text=left_text, right_text=right_text)
        self.show(layout, duration_seconds=duration_seconds)

    def show_bitmap(
        self,
        picture: bytes | str,
        *,
        width: int | None = None,
        height: int | None = None,
        duration_seconds: float | None = None,
    ) -> None:
        """Show a BMP picture, given as the bytes of the file or already as base64 or hexadecimal text.

        Raises ValueError when the text is longer than a million characters.
        """
        data = picture if isinstance(picture, str) else base64.b64encode(picture).decode()
        if len(data) > MOST_PICTURE_CHARACTERS:
            raise ValueError(f"a picture has at most {MOST_PICTURE_CHARACTERS} characters of base64")
        self.show(BitmapView(data=data, width=width, height=height), duration_seconds=duration_seconds)

    def clear(self) -> None:
        """Show nothing."""
        self.show(ClearView())

    def show(self, layout: Layout, *, duration_seconds: float | None = None) -> None:
        """Show any layout: a dashboard card on the dashboard, everything else on the main view."""
        view = _view_of(layout)
        self._kept.pop(view, None)
        duration_ms = None if duration_seconds is None else round(duration_seconds * 1000)
        self._send(
            DisplayEvent(view=view, layout=layout, duration_ms=duration_ms), replaces=f"display {view}"
        )

    def keep(self, layout: Layout) -> None:
        """Show a layout until another is shown: sent only if it is not there yet, and anew after a lost connection.

        So an app may say what should be seen as often as it likes.
        """
        view = _view_of(layout)
        if layout != self._kept.get(view):
            self.show(layout)
            self._kept[view] = layout

    def draw_anew(self) -> None:
        """Show once more what was to be kept; the session does so itself when its connection is back."""
        kept = list(self._kept.values())
        self._kept.clear()
        for layout in kept:
            self.keep(layout)


def _view_of(layout: Layout) -> str:
    return DASHBOARD_VIEW if isinstance(layout, DashboardCard) else MAIN_VIEW
