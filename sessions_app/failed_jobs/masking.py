"""Taking secrets out of what is kept of a failed job. Pure: when in doubt, it is one."""

import re
from typing import Any

MASK = "•••"
_NAMES = re.compile(r"secret|token|password|api_?key|authorization|digest", re.IGNORECASE)
_LOOKS_SECRET = re.compile(
    r"[0-9a-fA-F]{40,}"  # keys, secrets and digests of ours
    r"|eyJ[\w-]+\.[\w-]+\.[\w-]*"  # signed tokens
    r"|(?i:bearer)\s+\S+"
    r"|(?<=://)[^\s/@:]+:[^\s/@]+(?=@)"  # a log-in within an address
    r"|(?i:\b\w*(?:secret|token|password|api_?key)\w*)[\"']?\s*[=:]\s*[\"']?[^\s\"',&}]+"
)
_DEEPEST = 6


def mask_text(text: str, most: int) -> str:
    """Return at most `most` characters of a text without anything that looks like a secret."""
    return _LOOKS_SECRET.sub(MASK, text)[:most]


def mask_value(value: Any, depth: int = 0) -> Any:
    """Return plain JSON of a job's arguments, with `•••` for what may be a secret."""
    if depth > _DEEPEST:
        return MASK
    if isinstance(value, dict):
        return {
            str(name): MASK if _NAMES.search(str(name)) else mask_value(part, depth + 1)
            for name, part in value.items()
        }
    if isinstance(value, list | tuple):
        return [mask_value(part, depth + 1) for part in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return _LOOKS_SECRET.sub(MASK, str(value))
