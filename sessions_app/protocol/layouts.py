"""What can be drawn on the display (app-socket §7.1). Text is never changed: the phone fills in its tokens.

Must not know who draws or when.
"""

from msgspec import Struct

from sessions_app.protocol.base import Number


class _Layout(Struct, tag_field="layoutType", rename="camel", omit_defaults=True, frozen=True, gc=False):
    """Base of the layouts; `layoutType` on the wire is the tag of the class."""


class TextWall(_Layout, tag="text_wall", frozen=True):
    """One block of text."""

    text: str


class DoubleTextWall(_Layout, tag="double_text_wall", frozen=True):
    """Two blocks of text, one above the other."""

    top_text: str
    bottom_text: str


class ReferenceCard(_Layout, tag="reference_card", frozen=True):
    """A title over a text."""

    title: str
    text: str


class DashboardCard(_Layout, tag="dashboard_card", frozen=True):
    """Two texts side by side."""

    left_text: str
    right_text: str


class BitmapView(_Layout, tag="bitmap_view", frozen=True):
    """A BMP picture as base64 or hexadecimal text; size in pixels."""

    data: str
    width: Number | None = None
    height: Number | None = None


class BitmapAnimation(_Layout, tag="bitmap_animation", frozen=True):
    """BMP pictures shown one after another, `interval` milliseconds apart."""

    frames: list[str]
    interval: Number | None = None
    repeat: bool | None = None


class ClearView(_Layout, tag="clear_view", frozen=True):
    """An empty display."""


Layout = TextWall | DoubleTextWall | ReferenceCard | DashboardCard | BitmapView | BitmapAnimation | ClearView
