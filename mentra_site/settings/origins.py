"""What browsers call the origin of an address."""

from urllib.parse import urlsplit


def origin_of(url: str) -> str:
    """Return scheme, host and port of a URL: `https://cloud.example.com/base` becomes `https://cloud.example.com`."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
