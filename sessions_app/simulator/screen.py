"""What the glasses show, as a small bordered picture for a terminal. Knows layouts, no connection."""

import unicodedata
from datetime import datetime

import msgspec

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
from sessions_app.simulator.bitmap import Bitmap, NotABitmap, decode_text, render

WIDTH = 46
TAB_CELLS = 4
MAX_CHARACTERS = 4000


def draw(layout: Layout, *, title: str = "", width: int = WIDTH) -> str:
    """Return the layout inside a border with `title` on its top edge; `width` counts the cells inside."""
    lines = _lines_of(layout, width) or [""]
    label = f" {clip(clean(title), width - 4)} " if title else ""
    top = f"┌─{label}{'─' * (width + 1 - cells(label))}┐"
    body = [f"│ {line}{' ' * (width - cells(line))} │" for line in lines]
    return "\n".join([top, *body, f"└{'─' * (width + 2)}┘"])


def fill_tokens(layout: Layout, now: datetime, battery: int | None = None) -> Layout:
    """Return the layout with the tokens that phones replace in text, such as `$TIME12$`, filled in."""
    values = {
        "$DATE$": f"{now.month}/{now.day}",
        "$TIME12$": f"{now:%I:%M %p}".lstrip("0"),
        "$TIME24$": f"{now:%H:%M}",
        "$GBATT$": "" if battery is None else f"{battery}%",
    }
    texts = {name: value for name, value in msgspec.structs.asdict(layout).items() if isinstance(value, str)}
    for token, value in values.items():
        texts = {name: text.replace(token, value) for name, text in texts.items()}
    return msgspec.structs.replace(layout, **texts)


def wrap(text: str, width: int) -> list[str]:
    """Break text into lines of at most `width` cells, at spaces where there are any."""
    return [line for paragraph in clean(text).split("\n") for line in _wrap_paragraph(paragraph, width)]


def clean(text: str) -> str:
    """Return the text, cut to a bearable length, without what would move a terminal's cursor."""
    text = text[:MAX_CHARACTERS].replace("\r\n", "\n").replace("\t", " " * TAB_CELLS)
    return "".join(sign for sign in text if sign == "\n" or unicodedata.category(sign)[0] != "C")


def cells(text: str) -> int:
    """Return how many columns of a terminal the text takes."""
    return sum(_cells_of(sign) for sign in text)


def clip(text: str, width: int) -> str:
    """Return as much of the text as fits into `width` cells."""
    taken = 0
    for index, sign in enumerate(text):
        taken += _cells_of(sign)
        if taken > width:
            return text[:index]
    return text


def _lines_of(layout: Layout, width: int) -> list[str]:
    match layout:
        case TextWall():
            return wrap(layout.text, width)
        case DoubleTextWall():
            return [*wrap(layout.top_text, width), "╌" * width, *wrap(layout.bottom_text, width)]
        case ReferenceCard():
            title = wrap(layout.title, width)
            return [*title, "─" * max(map(cells, title)), *wrap(layout.text, width)]
        case DashboardCard():
            return _side_by_side(layout.left_text, layout.right_text, width)
        case BitmapView() | BitmapAnimation():
            return _pictures_of(layout, width)
        case ClearView():
            return []


def _pictures_of(layout: BitmapView | BitmapAnimation, width: int) -> list[str]:
    match layout:
        case BitmapView():
            return _picture(layout.data, width)
        case BitmapAnimation():
            first = _picture(layout.frames[0], width) if layout.frames else []
            return [*first, f"({len(layout.frames)} pictures, {layout.interval or 0:g} ms apart)"]


def _side_by_side(left: str, right: str, width: int) -> list[str]:
    half = (width - 2) // 2
    lefts, rights = wrap(left, half), wrap(right, half)
    rows = max(len(lefts), len(rights))
    lefts += [""] * (rows - len(lefts))
    rights += [""] * (rows - len(rights))
    return [
        f"{one}{' ' * (width - cells(one) - cells(other))}{other}"
        for one, other in zip(lefts, rights, strict=True)
    ]


def _picture(data: str, width: int) -> list[str]:
    try:
        raw = decode_text(data)
        return render(Bitmap(raw), width)
    except NotABitmap as problem:
        return wrap(f"[a picture of {len(data)} characters: {problem}]", width)


def _wrap_paragraph(paragraph: str, width: int) -> list[str]:
    lines: list[str] = []
    line = ""
    for word in paragraph.split(" "):
        longer = f"{line} {word}" if line else word
        if cells(longer) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        while cells(word) > width:
            part = clip(word, width)
            lines.append(part)
            word = word[len(part) :]  # noqa: PLW2901  the rest of a word too long for one line
        line = word
    return [*lines, line]


def _cells_of(sign: str) -> int:
    if unicodedata.combining(sign):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1
