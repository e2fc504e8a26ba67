"""What a photo must be before it is kept: a picture of a known kind and bearable size, that can be decoded.

Knows no model and no storage. The bytes of a photo are kept as they are; how it is served makes sure that they are
never anything but a picture.
"""

import struct
import threading
import warnings
from io import BytesIO
from typing import Final, NamedTuple

from PIL import Image, ImageOps, UnidentifiedImageError

MOST_BYTES: Final = 10 * 1024 * 1024
# Decoded, a picture of this many pixels takes 128 MB at most.
MOST_PIXELS: Final = 32_000_000
THUMBNAIL_SIDE: Final = 320
_THUMBNAIL_QUALITY = 80
_KINDS: Final = {"JPEG": ("jpg", "image/jpeg"), "PNG": ("png", "image/png"), "WEBP": ("webp", "image/webp")}
# Decoding takes memory: of many uploads at once only a few are decoded at a time.
_decoding = threading.BoundedSemaphore(2)


class UnusablePhoto(Exception):
    """What was uploaded is not kept; the text says why to whoever uploaded it."""


class Picture(NamedTuple):
    """A photo that was looked at: its bytes, what they are, and a small JPEG of it."""

    data: bytes
    ending: str
    content_type: str
    width: int
    height: int
    thumbnail: bytes


def read_photo(data: bytes) -> Picture:
    """Return what `data` shows; raise UnusablePhoto."""
    if len(data) > MOST_BYTES:
        raise UnusablePhoto(f"The photo is larger than {MOST_BYTES >> 20} MB.")
    try:
        with _decoding, warnings.catch_warnings():
            # Pillow only warns of pictures up to twice its own limit; ours is checked before anything is decoded.
            warnings.simplefilter("ignore")
            with Image.open(BytesIO(data), formats=tuple(_KINDS)) as opened:
                return _look_at(opened, data)
    except UnidentifiedImageError as error:
        raise UnusablePhoto("A photo must be a JPEG, PNG or WebP picture; this file is none.") from error
    except Image.DecompressionBombError as error:
        raise UnusablePhoto("The photo has far too many pixels.") from error
    except (OSError, ValueError, SyntaxError, struct.error, ArithmeticError, MemoryError) as error:
        raise UnusablePhoto("The photo is damaged.") from error


def _look_at(opened: Image.Image, data: bytes) -> Picture:
    width, height = opened.size
    if width * height > MOST_PIXELS:
        raise UnusablePhoto(f"The photo has more than {MOST_PIXELS // 1_000_000} megapixels.")
    ending, content_type = _KINDS[opened.format or ""]
    return Picture(data, ending, content_type, width, height, _shrink(opened))


def _shrink(opened: Image.Image) -> bytes:
    """Return a small JPEG, upright and without what the photo says of place and camera; decodes all of the photo."""
    # A JPEG is decoded at a fraction of its size, which reads all of its data in a fraction of the time.
    opened.draft("RGB", (2 * THUMBNAIL_SIDE, 2 * THUMBNAIL_SIDE))
    opened.load()
    small = ImageOps.exif_transpose(opened).convert("RGB")
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    small.info.clear()
    buffer = BytesIO()
    small.save(buffer, "JPEG", quality=_THUMBNAIL_QUALITY)
    return buffer.getvalue()
