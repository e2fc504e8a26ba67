"""BMP pictures as dots for a terminal. Knows no layout."""

import base64
import binascii
import re
import struct

MAX_PIXELS = 1_000_000
HEADER_BYTES = 54
PALETTE_BITS = (1, 4, 8)
COLOR_BITS = (24, 32)
LIT = 128
LIT_SHARE = 0.3
# Upper and lower half of a character cell, lit or dark.
HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


class NotABitmap(Exception):
    """Data that is no BMP picture this module reads."""


def decode_text(data: str) -> bytes:
    """Return the bytes behind hexadecimal or base64 text; raises NotABitmap."""
    try:
        if re.fullmatch(r"(?:[0-9a-fA-F]{2})+", data):
            return bytes.fromhex(data)
        return base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError) as problem:
        raise NotABitmap(str(problem)) from problem


class Bitmap:
    """An uncompressed BMP picture; raises NotABitmap for anything else."""

    def __init__(self, data: bytes) -> None:
        if len(data) < HEADER_BYTES or data[:2] != b"BM":
            raise NotABitmap("no BMP header")
        self._start: int
        self.width: int
        self._bits: int
        (self._start,) = struct.unpack_from("<I", data, 10)
        header_size, self.width, height, _, self._bits, compression = struct.unpack_from("<IiiHHI", data, 14)
        self.height = abs(height)
        self._is_upside_down = height > 0
        self._stride = (self.width * self._bits + 31) // 32 * 4
        self._data = data
        if compression or self._bits not in PALETTE_BITS + COLOR_BITS:
            raise NotABitmap("compressed or of an unknown depth")
        if self.width <= 0 or not 0 < self.width * self.height <= MAX_PIXELS:
            raise NotABitmap("too large")
        if len(data) < self._start + self._stride * self.height:
            raise NotABitmap("cut off")
        palette_start = 14 + header_size
        count = 1 << self._bits if self._bits in PALETTE_BITS else 0
        palette = data[palette_start : palette_start + 4 * count]
        self._palette = [sum(palette[at : at + 3]) >= 3 * LIT for at in range(0, len(palette) - 3, 4)]

    def is_lit(self, x: int, y: int) -> bool:
        """Tell whether the pixel is bright; the first row is the top one."""
        row = self._start + self._stride * (self.height - 1 - y if self._is_upside_down else y)
        if self._bits in COLOR_BITS:
            at = row + x * self._bits // 8
            return sum(self._data[at : at + 3]) >= 3 * LIT
        bit = x * self._bits
        shift = 8 - self._bits - bit % 8
        index = self._data[row + bit // 8] >> shift & (1 << self._bits) - 1
        return index < len(self._palette) and self._palette[index]


def render(bitmap: Bitmap, columns: int) -> list[str]:
    """Return the picture as lines of at most `columns` characters, two dots on top of each other in each."""
    scale = max(1.0, bitmap.width / columns)
    across, down = int(bitmap.width / scale), max(1, int(bitmap.height / scale))
    dots = [[_is_area_lit(bitmap, x, y, scale) for x in range(across)] for y in range(down)]
    if down % 2:
        dots.append([False] * across)
    return [
        "".join(HALVES[pair] for pair in zip(upper, lower, strict=True)).rstrip()
        for upper, lower in zip(dots[::2], dots[1::2], strict=True)
    ]


def _is_area_lit(bitmap: Bitmap, column: int, row: int, scale: float) -> bool:
    xs = range(
        int(column * scale), min(max(int((column + 1) * scale), int(column * scale) + 1), bitmap.width)
    )
    ys = range(int(row * scale), min(max(int((row + 1) * scale), int(row * scale) + 1), bitmap.height))
    lit = sum(bitmap.is_lit(x, y) for x in xs for y in ys)
    return lit >= LIT_SHARE * len(xs) * len(ys)
