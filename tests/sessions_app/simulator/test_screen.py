"""The picture of what the glasses show."""

import base64
import struct
from datetime import datetime

import pytest

from sessions_app.protocol.layouts import (
    BitmapAnimation,
    BitmapView,
    ClearView,
    DashboardCard,
    DoubleTextWall,
    Layout,
    ReferenceCard,
    TextWall,
)
from sessions_app.simulator.screen import cells, draw, fill_tokens, wrap


def picture(layout: Layout) -> str:
    return "\n" + draw(layout, title="a.b", width=12) + "\n"


def bmp(rows: list[str], bits: int = 1) -> bytes:
    """Build a BMP file from rows of `#` (lit) and `.`, top row first."""
    width, lit_rows = len(rows[0]), [[sign == "#" for sign in row] for row in reversed(rows)]
    body = b""
    for row in lit_rows:
        if bits == 1:
            packed = int("".join("01"[lit] for lit in row).ljust((width + 31) // 32 * 32, "0"), 2)
            body += packed.to_bytes((width + 31) // 32 * 4, "big")
        else:
            line = b"".join((b"\xff" if lit else b"\0") * (bits // 8) for lit in row)
            body += line + bytes(-len(line) % 4)
    palette = struct.pack("<II", 0, 0xFFFFFF) if bits == 1 else b""
    start = 54 + len(palette)
    header = struct.pack("<2sIHHI", b"BM", start + len(body), 0, 0, start)
    info = struct.pack("<IiiHHIIiiII", 40, width, len(rows), 1, bits, 0, len(body), 0, 0, 0, 0)
    return header + info + palette + body


def test_a_text_wall_wraps_and_keeps_its_line_breaks() -> None:
    assert (
        picture(TextWall("Hello wide world\nbye"))
        == """
┌─ a.b ────────┐
│ Hello wide   │
│ world        │
│ bye          │
└──────────────┘
"""
    )


def test_a_double_text_wall_has_two_halves() -> None:
    assert (
        picture(DoubleTextWall("up", "down"))
        == """
┌─ a.b ────────┐
│ up           │
│ ╌╌╌╌╌╌╌╌╌╌╌╌ │
│ down         │
└──────────────┘
"""
    )


def test_a_reference_card_underlines_its_title() -> None:
    assert (
        picture(ReferenceCard("News", "None"))
        == """
┌─ a.b ────────┐
│ News         │
│ ────         │
│ None         │
└──────────────┘
"""
    )


def test_a_dashboard_card_puts_its_texts_side_by_side() -> None:
    assert (
        picture(DashboardCard("12:00\nMon", "80%"))
        == """
┌─ a.b ────────┐
│ 12:00    80% │
│ Mon          │
└──────────────┘
"""
    )


def test_a_clear_view_is_empty() -> None:
    assert (
        picture(ClearView())
        == """
┌─ a.b ────────┐
│              │
└──────────────┘
"""
    )


@pytest.mark.parametrize("bits", [1, 24, 32])
@pytest.mark.parametrize("as_text", [bytes.hex, lambda raw: base64.b64encode(raw).decode()])
def test_a_bitmap_is_drawn_in_half_blocks(bits: int, as_text: object) -> None:
    assert callable(as_text)
    data = as_text(bmp(["#..#", ".##.", "####"], bits))
    assert (
        picture(BitmapView(data))
        == """
┌─ a.b ────────┐
│ ▀▄▄▀         │
│ ▀▀▀▀         │
└──────────────┘
"""
    )


def test_a_large_bitmap_is_made_smaller() -> None:
    rows = ["#" * 24 + "." * 24] * 8
    assert (
        picture(BitmapView(bmp(rows).hex()))
        == """
┌─ a.b ────────┐
│ ██████       │
└──────────────┘
"""
    )


def test_an_animation_shows_its_first_picture() -> None:
    lines = picture(BitmapAnimation([bmp(["##", "##"]).hex()] * 3, interval=200)).splitlines()
    assert lines[2] == "│ ██           │"
    assert "3 pictures" in lines[3]


@pytest.mark.parametrize("data", ["", "zz!", "424d", bmp(["##"]).hex()[:-8], b"GIF89a".hex() * 20])
def test_a_picture_that_is_none_is_described(data: str) -> None:
    assert "[a picture" in draw(BitmapView(data))


def test_the_tokens_of_phones_are_filled_in() -> None:
    now = datetime(2026, 1, 2, 15, 4)  # noqa: DTZ001  a wall clock has no zone
    card = fill_tokens(DashboardCard("$DATE$ $TIME12$", "$TIME24$ $GBATT$"), now, battery=72)
    assert card == DashboardCard("1/2 3:04 PM", "15:04 72%")
    assert fill_tokens(ClearView(), now) == ClearView()


def test_wide_signs_count_twice_and_long_words_are_cut() -> None:
    assert cells("左へ") == 4
    assert wrap("左へ曲がる", 4) == ["左へ", "曲が", "る"]
    assert wrap("abcdefgh ij", 3) == ["abc", "def", "gh", "ij"]
    assert wrap("", 3) == [""]


def test_an_app_cannot_move_the_cursor_of_the_terminal() -> None:
    assert wrap("a\x1b[2Jb\x07\tc\r\nd", 20) == ["a[2Jb    c", "d"]


def test_endless_text_is_cut() -> None:
    assert len(wrap("x" * 1_000_000, 40)) == 100
