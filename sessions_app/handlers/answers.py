"""Telling the phone what became of its message, and at what time; for apps see `lifecycle/telling.py`."""

from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.protocol.cloud_to_glasses import WebsocketError
from sessions_app.protocol.codec import iso
from sessions_app.protocol.codes import ERROR_FACTS, ErrorCode


def now_iso(runtime: SessionRuntime) -> str:
    """Return the session's time as the wire writes it."""
    return iso(runtime.upkeep.clock.now())


def tell_phone_error(runtime: SessionRuntime, code: ErrorCode, message: str = "") -> None:
    """Send the phone a coded error; its socket stays open (P-1)."""
    text = f"{code}: {message or ERROR_FACTS[code].message}"
    runtime.phone.send(WebsocketError(error=text[:300], timestamp=now_iso(runtime)))
