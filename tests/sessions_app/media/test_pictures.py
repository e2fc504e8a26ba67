"""What is taken for a photo, and what is not."""

from io import BytesIO

import pytest
from PIL import Image

from sessions_app.media.pictures import MOST_BYTES, THUMBNAIL_SIDE, UnusablePhoto, read_photo
from tests.support.images import bomb, picture


@pytest.mark.parametrize(
    ("kind", "ending", "content_type"),
    [("JPEG", "jpg", "image/jpeg"), ("PNG", "png", "image/png"), ("WEBP", "webp", "image/webp")],
)
def test_a_photo_is_kept_as_it_is(kind: str, ending: str, content_type: str) -> None:
    data = picture(kind, (640, 480))
    read = read_photo(data)
    assert (read.data, read.ending, read.content_type) == (data, ending, content_type)
    assert (read.width, read.height) == (640, 480)


def test_a_thumbnail_is_small_upright_and_tells_nothing() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Camera of Ada"
    small = read_photo(picture("JPEG", (3000, 1500), exif=exif)).thumbnail
    with Image.open(BytesIO(small)) as opened:
        assert opened.format == "JPEG"
        assert opened.size == (THUMBNAIL_SIDE // 2, THUMBNAIL_SIDE)
        assert not opened.getexif()
    assert b"Ada" not in small


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
        b"<html><script>alert(1)</script></html>",
        b"GIF89a" + bytes(100),
        picture("GIF"),
        picture("BMP"),
        picture("JPEG")[:300],
        picture("PNG")[:60],
        bomb(),
        bomb(6_000),
        bytes(MOST_BYTES + 1),
    ],
    ids=["nothing", "svg", "html", "gif head", "gif", "bmp", "cut jpeg", "cut png", "bomb", "36 MP", "large"],
)
def test_what_is_no_photo_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(UnusablePhoto, match=r"\.$"):
        read_photo(data)
