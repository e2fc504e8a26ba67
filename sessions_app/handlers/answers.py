"""Telling the phone what became of its message, and at what time; for apps see `lifecycle/telling.py`."""

from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.protocol.cloud_to_glasses import SettingsUpdate, WebsocketError
from sessions_app.protocol.codec import iso
from sessions_app.protocol.codes import ERROR_FACTS, ErrorCode


def now_iso(runtime: SessionRuntime) -> str:
    """Return the session's time as the wire writes it."""
    return iso(runtime.upkeep.clock.now())


def tell_phone_error(runtime: SessionRuntime, code: ErrorCode, message: str = "") -> None:
    """Send the phone a coded error; its socket stays open (P-1)."""
    text = f"{code}: {message or ERROR_FACTS[code].message}"
    runtime.phone.send(WebsocketError(error=text[:300], timestamp=now_iso(runtime)))


def send_settings(runtime: SessionRuntime) -> None:
    """Tell the phone the user's system settings (glasses-socket §5.2)."""
    runtime.phone.send(
        SettingsUpdate(
            session_id=runtime.ref.user_id,
            settings=runtime.data.user_settings,
            timestamp=now_iso(runtime),
        )
    )
