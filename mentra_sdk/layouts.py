"""What can be drawn on the glasses (app-socket §7.1)."""

import msgspec


class Layout(msgspec.Struct, rename="camel", tag_field="layoutType", frozen=True):
    """One drawing; the subclasses are the kinds there are."""


class TextWall(Layout, tag="text_wall", frozen=True):
    text: str


class DoubleTextWall(Layout, tag="double_text_wall", frozen=True):
    top_text: str
    bottom_text: str


class ReferenceCard(Layout, tag="reference_card", frozen=True):
    title: str
    text: str


class DashboardCard(Layout, tag="dashboard_card", frozen=True):
    left_text: str
    right_text: str


class BitmapView(Layout, tag="bitmap_view", omit_defaults=True, frozen=True):
    """A picture: `data` is a BMP file in base64 or hexadecimal; sizes in pixels."""

    data: str
    width: int | None = None
    height: int | None = None


class ClearView(Layout, tag="clear_view", frozen=True):
    """Nothing: the display goes dark."""
