"""Addresses, ids and ways of a camera stream: which are good, and how they look (media.md §5, §6). Pure."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from sessions_app.states import StreamKind

LONGEST_URL: Final = 2000
_SCHEMES: Final = frozenset({"rtmp", "rtmps", "srt", "http", "https"})
_OUTPUT_SCHEMES: Final = frozenset({"rtmp", "rtmps"})
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_TAKES_RTMP_ONLY: Final = "pscp.tv"


def url_problem(url: str) -> str:
    """Return what is wrong with the address of a direct stream, as a sentence; empty when nothing is."""
    return _problem(url, _SCHEMES, "streamUrl")


def output_problem(url: str) -> str:
    """Return what is wrong with an address a managed stream is to be sent on to; empty when nothing is."""
    return _problem(url, _OUTPUT_SCHEMES, "The address to send the stream on to")


def _problem(url: str, schemes: frozenset[str], name: str) -> str:
    try:
        parts = urlsplit(url)
        is_good = parts.scheme.lower() in schemes and bool(parts.hostname) and len(url) <= LONGEST_URL
    except ValueError:
        is_good = False
    return "" if is_good else f"{name} must begin with {', '.join(f'{each}://' for each in sorted(schemes))}"


def place_of(url: str) -> str:
    """Return scheme and host of an address: all of it that is no secret."""
    try:
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.hostname}" if parts.hostname else ""
    except ValueError:
        return ""


def stream_id(kind: StreamKind, now: datetime, chance: Sequence[int]) -> str:
    """Return a new id, short because it travels by Bluetooth; `chance` is random numbers below 36, four or more.

    `s` and the time for a direct stream; that of a managed one is asked for by REST and all chance.
    """
    if kind is StreamKind.MANAGED:
        return "m" + _digits(chance)
    return "s" + base36(int(now.timestamp()))[-6:] + _digits(chance[:4])


def ack_id(chance: Sequence[int]) -> str:
    """Return a new id of a keep-alive, of random numbers below 36."""
    return "a" + _digits(chance[:5])


def base36(number: int) -> str:
    """Return a number that is not negative in digits and small letters."""
    text = ""
    while number:
        number, digit = divmod(number, 36)
        text = _DIGITS[digit] + text
    return text or "0"


def _digits(chance: Sequence[int]) -> str:
    return "".join(_DIGITS[number] for number in chance)


class Ingest(StrEnum):
    """How the glasses bring video to a media server."""

    WHIP = "whip"
    SRT = "srt"
    RTMP = "rtmp"


def ingest_order(
    destinations: Sequence[str], supported: Sequence[str] | None, *, is_old_phone: bool
) -> list[Ingest]:
    """Return the ways to try, best first (media.md §6.1).

    `supported` is what the profile of the glasses names, None when it is unknown. A phone of 2025 knows RTMP only.
    """
    if is_old_phone or any(_goes_to(url, _TAKES_RTMP_ONLY) for url in destinations):
        return [Ingest.RTMP]
    order = [Ingest.SRT, Ingest.RTMP, Ingest.WHIP] if destinations else [Ingest.WHIP, Ingest.SRT, Ingest.RTMP]
    known = [each for each in order if supported and each in supported]
    return known or order


def _goes_to(url: str, domain: str) -> bool:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    return host == domain or host.endswith(f".{domain}")
