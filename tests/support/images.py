"""Pictures as somebody might upload them."""

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image


def picture(kind: str = "PNG", size: tuple[int, int] = (600, 600), colour: Any = "navy", **how: Any) -> bytes:
    """Return a picture of one colour, encoded as `kind`."""
    mode = "RGBA" if isinstance(colour, tuple) else "RGB"
    buffer = BytesIO()
    Image.new(mode, size, colour).save(buffer, kind, **how)
    return buffer.getvalue()


def bomb(side: int = 60_000) -> bytes:
    """Return a small PNG file that says it has `side` × `side` pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
