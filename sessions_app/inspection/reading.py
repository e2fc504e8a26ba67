"""What a frame or a body says, ready to be kept: type, error code, JSON without secrets. Pure."""

import json
import re
from dataclasses import dataclass
from typing import Any, Final

from sessions_app.inspection.masking import masked, masked_text

MOST_PAYLOAD_CHARACTERS: Final = 8 * 1024
MOST_TYPE_CHARACTERS: Final = 80
UNREADABLE: Final = "(no JSON)"
_TYPE: Final = re.compile(r'"type"\s*:\s*"([^"]{1,80})"')
FAILED: Final = "FAILED"
_SAYS_NO: Final = ("error", "rejected", "denied", "refused")


@dataclass(frozen=True, slots=True)
class Reading:
    """`payload` is JSON text, or plain text when the frame was none; `problem` a code or empty."""

    type: str
    payload: str
    is_cut: bool
    problem: str


def read_frame(text: str, *, is_whole: bool = True) -> Reading:
    """Read a text frame of an app's socket; `is_whole` is false when only its beginning is left."""
    content = _parse(text) if is_whole else None
    if not isinstance(content, dict):
        kind = _TYPE.search(text) if not is_whole else None
        payload, is_cut = _bounded(masked_text(text))
        return Reading(kind[1] if kind else UNREADABLE, payload, is_cut or not is_whole, "")
    kind_of = str(content.get("type") or UNREADABLE)
    if kind_of == "data_stream":
        kind_of = f"data_stream {content.get('streamType', '')}"
    payload, is_cut = as_payload(content)
    kind_of, problem = storable(kind_of[:MOST_TYPE_CHARACTERS]), storable(problem_of(content)[:40])
    return Reading(kind_of, payload, is_cut, problem)


def as_payload(content: Any) -> tuple[str, bool]:
    """Return JSON data as text without secrets, and whether its end had to go."""
    clean = masked(content)
    text = json.dumps(clean, ensure_ascii=False)
    return _bounded(text)


def body_text(body: bytes) -> str:
    """Return a body of an HTTP call without secrets, within bounds."""
    text = body.decode(errors="replace")
    content = _parse(text)
    return _bounded(masked_text(text))[0] if content is None else as_payload(content)[0]


def problem_of(message: dict[str, Any]) -> str:
    """Return the error code a message carries, FAILED when it tells of a failure without one, else nothing."""
    error = message.get("error")
    if isinstance(error, dict) and error.get("code"):
        return str(error["code"])
    kind = str(message.get("type", ""))
    if any(word in kind for word in _SAYS_NO):
        return str(message.get("code") or ("PERMISSION_DENIED" if "permission" in kind else FAILED))
    if message.get("success") is False:
        return _code_in(message.get("error")) or FAILED
    if kind.endswith("stream_status") and message.get("status") == "error":
        return _code_in(message.get("errorDetails")) or _code_in(message.get("message")) or FAILED
    if kind == "app_stopped" and message.get("reason") == "error":
        return FAILED
    return ""


def _code_in(text: Any) -> str:
    """Return the code an error text begins with, as in `CAMERA_BUSY` or `CAMERA_BUSY: in use`."""
    found = re.match(r"[A-Z][A-Z0-9_]{1,39}(?=$|[:\s])", text) if isinstance(text, str) else None
    return found[0] if found else ""


def _parse(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _bounded(text: str) -> tuple[str, bool]:
    if len(text) <= MOST_PAYLOAD_CHARACTERS:
        return storable(text), False
    return storable(f"{text[:MOST_PAYLOAD_CHARACTERS]}…"), True


def storable(text: str) -> str:
    """Return a text as every database keeps it: without NUL characters and halves of characters."""
    return text.replace("\x00", "").encode(errors="replace").decode()
