"""Telling an app what became of its wishes; it is held while the app's socket is on its way back."""

from sessions_app.app_runs.seat import AppSeat
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.outbound.push import to_app
from sessions_app.protocol.base import ToApp
from sessions_app.protocol.cloud_to_app import TpaConnectionError
from sessions_app.protocol.codec import encode, iso
from sessions_app.protocol.codes import ERROR_FACTS, ErrorCode
from sessions_app.protocol.families import may_receive


def tell_app(seat: AppSeat, message: ToApp) -> None:
    """Send an app an answer it understands, or hold it while the app's socket is on its way back."""
    if to_app(seat.link, seat.family, message) or not may_receive(seat.family, type(message)):
        return
    if seat.is_expected:
        seat.held.add(encode(message))


def tell_app_text(seat: AppSeat, text: str) -> bool:
    """Send an app a text that every family may get, or hold it as above; false when the app does not run."""
    if not seat.is_expected:
        return False
    if seat.link is not None and seat.link.is_open:
        seat.link.send_text(text)
    else:
        seat.held.add(text)
    return True


def tell_app_error(
    runtime: SessionRuntime, seat: AppSeat, code: ErrorCode, message: str = "", request_id: str | None = None
) -> None:
    """Send an app a coded error; its socket stays open (app-socket §10)."""
    tell_app(
        seat,
        TpaConnectionError(
            code=code,
            message=(message or ERROR_FACTS[code].message)[:300],
            request_id=request_id,
            session_id=seat.app_session_id,
            timestamp=iso(runtime.upkeep.clock.now()),
        ),
    )
