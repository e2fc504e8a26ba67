"""The code and the sentence in the cloud's words for a failure (app-socket §10)."""

import re

UNKNOWN = "UNKNOWN"
_CODED = re.compile(r"([A-Z][A-Z0-9_]+)(?::\s*(.*))?", re.DOTALL)


def split_failure(text: str | None) -> tuple[str, str]:
    """Return code and sentence of a text such as "CAMERA_BUSY: The camera is in use"."""
    found = _CODED.fullmatch(text or "")
    return (found[1], found[2] or "") if found else (UNKNOWN, text or "")
