"""Describes a photo by what can be measured in it: light, contrast, sharpness, colours and where the light is.

It recognises nothing and says nothing that it did not measure. It needs no network, no model and some 20 ms.
"""

import asyncio
import colorsys
import io
from collections import Counter
from collections.abc import Iterable, Sequence

from PIL import Image, ImageFilter, ImageOps, ImageStat, UnidentifiedImageError

from examples.photo_describer.describing import DescriptionFailed

SIDE = 256
MOST_PIXELS = 50_000_000
MOST_COLOURS, LEAST_SHARE = 3, 0.12
GREY_SATURATION, BLACK_VALUE, WHITE_VALUE = 0.18, 0.2, 0.85
BROWN_VALUE = 0.6
UNEVEN = 25

# Each word for the levels below its number, of 255.
LIGHT = ((35, "Very dark"), (85, "Dark"), (170, "Evenly lit"), (220, "Bright"), (256, "Very bright"))
CONTRAST = (
    (12, "almost no contrast"),
    (35, "little contrast"),
    (70, "clear contrast"),
    (256, "strong contrast"),
)
SHARPNESS = ((4, "blurred or without detail"), (9, "a little soft"), (1000, "sharp"))
HUES = (
    (15, "red"),
    (40, "orange"),
    (68, "yellow"),
    (165, "green"),
    (195, "turquoise"),
    (255, "blue"),
    (290, "purple"),
    (345, "pink"),
    (360, "red"),
)


class MeasuringDescriber:
    """Measures in a thread of its own, so that no other wearer waits."""

    async def describe(self, picture: bytes) -> str:
        """Return what was measured; raises DescriptionFailed for what is no picture."""
        return await asyncio.to_thread(describe_picture, picture)


def describe_picture(picture: bytes) -> str:
    """Return a few sentences about a picture file; raises DescriptionFailed."""
    try:
        with Image.open(io.BytesIO(picture)) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise DescriptionFailed("The photo is too large to measure.")
            image = ImageOps.exif_transpose(opened).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as problem:
        raise DescriptionFailed("This is no photo that can be read.") from problem
    width, height = image.size
    image.thumbnail((SIDE, SIDE))
    grey = image.convert("L")
    light, contrast = _word(_mean(grey), LIGHT), _word(ImageStat.Stat(grey).stddev[0], CONTRAST)
    sentences = [
        f"{light}, {contrast}, {_word(_detail(grey), SHARPNESS)}",
        f"Mostly {_joined(colours(image))}",
        where_light_is(grey),
        f"{_format(width, height)}, {width} × {height}",
    ]
    return " ".join(f"{sentence}." for sentence in sentences if sentence)


def colours(image: Image.Image) -> list[str]:
    """Return the names of the colours that cover most of the picture, the largest first."""
    counts: Counter[str] = Counter()
    pixels = image.getcolors(image.width * image.height) or []
    for count, pixel in pixels:
        if isinstance(pixel, tuple):
            counts[colour_name(pixel)] += count
    enough = LEAST_SHARE * counts.total()
    common = counts.most_common(MOST_COLOURS)
    return [name for name, count in common if count >= enough] or [name for name, _ in common[:1]]


def colour_name(pixel: Sequence[int]) -> str:
    """Return the everyday name of a colour given in red, green and blue."""
    hue, saturation, value = colorsys.rgb_to_hsv(*(part / 255 for part in pixel[:3]))
    if value < BLACK_VALUE:
        return "black"
    if saturation < GREY_SATURATION:
        return "white" if value > WHITE_VALUE else "grey"
    name = _word(hue * 360, HUES)
    return "brown" if name == "orange" and value < BROWN_VALUE else name


def where_light_is(grey: Image.Image) -> str:
    """Return which side is brighter, where one clearly is."""
    width, height = grey.size
    halves = {
        "left": (0, 0, max(width // 2, 1), height),
        "right": (width // 2, 0, width, height),
        "upper": (0, 0, width, max(height // 2, 1)),
        "lower": (0, height // 2, width, height),
    }
    levels = {name: _mean(grey.crop(box)) for name, box in halves.items()}
    brightest = max(levels, key=lambda name: levels[name])
    if levels[brightest] - min(levels.values()) < UNEVEN:
        return ""
    return f"The {brightest} half is the brightest"


def _detail(grey: Image.Image) -> float:
    """Return how much neighbouring pixels differ, away from the border: small where nothing is in focus."""
    edges = grey.filter(ImageFilter.FIND_EDGES)
    inner = (1, 1, max(grey.width - 1, 2), max(grey.height - 1, 2))
    return ImageStat.Stat(edges.crop(inner)).stddev[0]


def _mean(grey: Image.Image) -> float:
    return ImageStat.Stat(grey).mean[0]


def _word(level: float, words: Iterable[tuple[float, str]]) -> str:
    *_, last = words
    return next((word for limit, word in words if level < limit), last[1])


def _joined(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _format(width: int, height: int) -> str:
    if width == height:
        return "Square"
    return "Landscape" if width > height else "Portrait"
