"""What files of glasses may be: kinds of pictures and films, told by their first bytes. Pure."""

from collections.abc import Mapping
from typing import Final

MOST_IMAGE_BYTES: Final = 20 * 1024 * 1024
HEAD_BYTES: Final = 16

IMAGE_ENDINGS: Final[Mapping[str, str]] = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/heic": "heic",
    "image/heif": "heif",
}
VIDEO_ENDINGS: Final[Mapping[str, str]] = {
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/mov": "mov",
}

_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")
_FILM_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")


def is_image(head: bytes, mime_type: str) -> bool:
    """Whether a file that begins so can be a picture of this type."""
    match mime_type:
        case "image/jpeg":
            return head.startswith(b"\xff\xd8\xff")
        case "image/png":
            return head.startswith(b"\x89PNG\r\n\x1a\n")
        case "image/webp":
            return head[:4] == b"RIFF" and head[8:12] == b"WEBP"
        case "image/heic" | "image/heif":
            return head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS
    return False


def is_video(head: bytes) -> bool:
    """Whether a file that begins so can be an MP4 or QuickTime film."""
    return head[4:8] in _FILM_BOXES
