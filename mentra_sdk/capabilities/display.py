"""Drawing on the glasses (app-socket §7.1). Fire and forget: the newest drawing wins."""

import base64

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

MAIN_VIEW = "main"


class Display:
    """The display of the user's glasses. `duration_seconds` None means until something else is shown."""

    def __init__(self, send: Send) -> None:
        self._send = send

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
        """Show a BMP picture, given as the bytes of the file or already as base64 or hexadecimal text."""
        data = picture if isinstance(picture, str) else base64.b64encode(picture).decode()
        self.show(BitmapView(data=data, width=width, height=height), duration_seconds=duration_seconds)

    def clear(self) -> None:
        """Show nothing."""
        self.show(ClearView())

    def show(self, layout: Layout, *, duration_seconds: float | None = None) -> None:
        """Show any layout."""
        duration_ms = None if duration_seconds is None else round(duration_seconds * 1000)
        drawing = DisplayEvent(view=MAIN_VIEW, layout=layout, duration_ms=duration_ms)
        self._send(drawing, replaces=MAIN_VIEW)
