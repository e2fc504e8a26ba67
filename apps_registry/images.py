"""Uploaded pictures are decoded, bounded and encoded anew: nothing of the file is kept but what it shows.

Knows no model and no storage.
"""

import hashlib
import struct
import warnings
from io import BytesIO
from typing import NamedTuple

from PIL import Image, ImageOps, UnidentifiedImageError

from apps_registry.errors import RegistryError

MAX_UPLOAD_BYTES = 10 * 1024 * 1024
# Decoded, a picture of this many pixels takes 128 MB at most.
MOST_PIXELS = 32_000_000
ICON_SIDE, LEAST_ICON_SIDE = 512, 256
LONGEST_PREVIEW_SIDE, LEAST_PREVIEW_SIDE = 1920, 320
JPEG_QUALITY = 88
FORMATS = ("PNG", "JPEG", "WEBP")
_REFUSED = "Upload a PNG, JPEG or WebP picture"


class Encoded(NamedTuple):
    """A picture ready to be stored: `name` is the digest of its bytes and says its format."""

    name: str
    data: bytes
    width: int
    height: int


def read_icon(data: bytes) -> Encoded:
    """Return an icon as a square PNG of 512 pixels; raise RegistryError."""
    image = _decode(data)
    if image.width != image.height:
        raise RegistryError(
            "file", f"An icon must be square; this picture is {image.width} × {image.height} pixels."
        )
    if image.width < LEAST_ICON_SIDE:
        raise RegistryError(
            "file",
            f"An icon needs {LEAST_ICON_SIDE} pixels or more on each side; this one has {image.width}.",
        )
    size = (ICON_SIDE, ICON_SIDE)
    return _encode(image if image.size == size else image.resize(size, Image.Resampling.LANCZOS), "PNG")


def read_preview(data: bytes) -> Encoded:
    """Return a picture for the store, at most 1920 pixels on its longer side; raise RegistryError."""
    image = _decode(data)
    if min(image.size) < LEAST_PREVIEW_SIDE:
        raise RegistryError(
            "file",
            f"A preview needs {LEAST_PREVIEW_SIDE} pixels or more on each side; this one is too small.",
        )
    image.thumbnail((LONGEST_PREVIEW_SIDE, LONGEST_PREVIEW_SIDE), Image.Resampling.LANCZOS)
    if min(image.size) < LEAST_PREVIEW_SIDE // 2:
        raise RegistryError("file", "This picture is too long and narrow for a preview.")
    return _encode(image, "PNG" if image.mode == "RGBA" else "JPEG")


def read_either(data: bytes) -> Encoded:
    """Return a square picture that is large enough as an icon, any other as a preview; raise RegistryError."""
    image = _decode(data)
    return read_icon(data) if image.width == image.height >= LEAST_ICON_SIDE else read_preview(data)


def _decode(data: bytes) -> Image.Image:
    """Return the first frame upright, in RGB or RGBA."""
    if len(data) > MAX_UPLOAD_BYTES:
        raise RegistryError("file", "The picture is larger than 10 MB.")
    try:
        with warnings.catch_warnings():
            # Pillow only warns of pictures up to twice its own limit; ours is checked before anything is decoded.
            warnings.simplefilter("ignore")
            with Image.open(BytesIO(data), formats=FORMATS) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise RegistryError(
                        "file", f"The picture has more than {MOST_PIXELS // 1_000_000} megapixels."
                    )
                opened.load()
                upright = ImageOps.exif_transpose(opened)
                return _plain(upright)
    except UnidentifiedImageError as error:
        raise RegistryError("file", f"{_REFUSED}; this file is none.") from error
    except Image.DecompressionBombError as error:
        raise RegistryError("file", "The picture has far too many pixels.") from error
    except RegistryError:
        raise
    except (OSError, ValueError, SyntaxError, struct.error, ArithmeticError, MemoryError) as error:
        raise RegistryError("file", f"{_REFUSED}; this one is damaged.") from error


def _plain(image: Image.Image) -> Image.Image:
    has_alpha = "A" in image.getbands() or "transparency" in image.info
    return image.convert("RGBA" if has_alpha else "RGB")


def _encode(image: Image.Image, kind: str) -> Encoded:
    # What an upload said about itself (camera, place, profile, comments) stays in `info` and would be written again.
    image.info.clear()
    buffer = BytesIO()
    image.save(buffer, kind, optimize=True, **({"quality": JPEG_QUALITY} if kind == "JPEG" else {}))
    data = buffer.getvalue()
    ending = "jpg" if kind == "JPEG" else "png"
    return Encoded(f"{hashlib.sha256(data).hexdigest()}.{ending}", data, image.width, image.height)
