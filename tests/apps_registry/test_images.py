"""What becomes of an uploaded picture."""

from io import BytesIO

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PIL import Image

from apps_registry.errors import RegistryError
from apps_registry.images import MAX_UPLOAD_BYTES, read_icon, read_preview
from tests.support.images import bomb, picture

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512"><script>alert(1)</script></svg>'


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_an_icon_is_a_png_of_512_pixels(kind: str) -> None:
    icon = read_icon(picture(kind, (700, 700)))
    image = opened(icon.data)
    assert (image.format, image.size, icon.width, icon.height) == ("PNG", (512, 512), 512, 512)
    assert icon.name.endswith(".png")


def test_the_same_picture_has_the_same_name() -> None:
    assert read_icon(picture()).name == read_icon(picture(compress_level=1)).name
    assert read_icon(picture()).name != read_icon(picture(colour="red")).name


def test_a_preview_is_bounded_and_keeps_its_shape() -> None:
    preview = read_preview(picture(size=(4000, 2000)))
    assert (preview.width, preview.height) == (1920, 960)
    assert opened(preview.data).format == "JPEG"
    see_through = read_preview(picture(size=(400, 800), colour=(0, 0, 0, 0)))
    assert (see_through.width, see_through.height) == (400, 800)
    assert opened(see_through.data).mode == "RGBA"


def test_what_a_file_says_about_camera_and_place_is_dropped() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010F] = "Secret camera"
    exif.get_ifd(0x8825)[1] = "N"
    told = picture("JPEG", (800, 400), exif=exif, comment=b"made at home")
    assert b"Secret camera" in told
    preview = read_preview(told)
    assert (preview.width, preview.height) == (400, 800), "shown upright"
    assert not opened(preview.data).getexif()
    for word in (b"Secret camera", b"made at home", b"Exif"):
        assert word not in preview.data


def test_what_hides_behind_a_picture_is_dropped() -> None:
    assert b"<script>" not in read_preview(picture() + b"<script>alert(1)</script>").data


@pytest.mark.parametrize("read", [read_icon, read_preview])
@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "this file is none"),
        (b"not a picture", "this file is none"),
        (SVG, "this file is none"),
        (picture("GIF"), "this file is none"),
        (picture("BMP"), "this file is none"),
        (picture()[:200], "damaged"),
        (bomb(), "pixels"),
        (bomb(6_000), "megapixels"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * MAX_UPLOAD_BYTES, "larger than 10 MB"),
    ],
    ids=["empty", "text", "svg", "gif", "bmp", "cut", "bomb", "large", "heavy"],
)
def test_anything_else_is_refused_with_a_reason(read: object, data: bytes, said: str) -> None:
    assert callable(read)
    with pytest.raises(RegistryError, match=said):
        read(data)


@pytest.mark.parametrize(("size", "said"), [((600, 500), "square"), ((128, 128), "256 pixels")])
def test_an_icon_has_a_shape(size: tuple[int, int], said: str) -> None:
    with pytest.raises(RegistryError, match=said):
        read_icon(picture(size=size))


@pytest.mark.parametrize("size", [(100, 100), (10_000, 330)])
def test_a_preview_has_one_too(size: tuple[int, int]) -> None:
    with pytest.raises(RegistryError):
        read_preview(picture(size=size))


GOOD = picture("PNG", (400, 400))


@given(st.integers(8, len(GOOD) - 1), st.binary(min_size=1, max_size=8))
@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_a_damaged_file_is_read_or_refused(at: int, junk: bytes) -> None:
    try:
        read_preview(GOOD[:at] + junk + GOOD[at + len(junk) :])
    except RegistryError as refusal:
        assert refusal.field == "file"
