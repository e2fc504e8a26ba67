"""What a model that describes photos is to the app: one function. Write your own and give it to `build_app`."""

from typing import Protocol


class DescriptionFailed(Exception):
    """There is no description; the text says why, to the wearer."""


class Describer(Protocol):
    """Makes words of a picture."""

    async def describe(self, picture: bytes) -> str:
        """Return a few sentences about a picture file (JPEG, PNG, …); raises DescriptionFailed."""
