"""One HTTP exchange with an app's server: what went out and what came back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice

from sessions_app.outbound.timing import Timing

MOST_BODY_BYTES = 8 * 1024
MOST_HEADERS = 40
MOST_HEADER_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class Exchange:
    """A call with its answer; of the answer only the beginning."""

    url: str
    request_headers: Mapping[str, str]
    request_body: bytes
    timing: Timing
    response_headers: Mapping[str, str] = field(default_factory=dict)
    response_body: bytes = b""


def bounded_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the first headers of an answer, none of them long."""
    first = islice(headers.items(), MOST_HEADERS)
    return {name[:100]: value[:MOST_HEADER_CHARACTERS] for name, value in first}
