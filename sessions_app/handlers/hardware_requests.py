"""What an app asks of phone and glasses, photos apart, on its way (media.md §0, §2, §7).

Each request is checked, sent and timed; whatever happens, the app gets an answer of the type it waits for before
its SDK gives up (D12).
"""

import json
from collections.abc import Callable
from dataclasses import dataclass

from sessions_app.app_runs.seat import AppSeat
from sessions_app.handlers.answers import now_iso
from sessions_app.handlers.asking import Question, ask_when_possible, facts_of
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.lifecycle.telling import tell_app
from sessions_app.media.rules import HardwareKind
from sessions_app.outbound.commands import Destination
from sessions_app.protocol import cloud_to_app
from sessions_app.protocol.base import ToGlasses
from sessions_app.protocol.codes import ErrorCode

Refuse = Callable[[ErrorCode, str], None]


@dataclass(frozen=True, slots=True)
class Request:
    """A request on its way: what to send under which id, what to answer. `request_id` None: nobody gets an answer.

    `is_awaited`: the app is told when no answer came. `destination` is where the phone gets something, in the requests
    that send it somewhere; `on_sent` is called when the phone was sent the request.
    """

    kind: HardwareKind
    message: Callable[[str], ToGlasses]
    refuse: Refuse
    request_id: str | None = None
    seconds: float = 0.0
    is_awaited: bool = True
    destination: Destination | None = None
    on_sent: Callable[[], None] = lambda: None


def ask_hardware(runtime: SessionRuntime, seat: AppSeat, request: Request) -> None:
    """Send a request when nothing is against it, or refuse it, in any case within its time."""
    deadline = runtime.upkeep.clock.monotonic() + request.seconds
    ask_when_possible(
        runtime,
        Question(
            request.kind,
            seat.package_name,
            lambda: facts_of(runtime, seat),
            lambda: _send(runtime, seat, request, deadline),
            request.refuse,
        ),
    )


def failure(
    runtime: SessionRuntime,
    seat: AppSeat,
    answer: type[cloud_to_app.AudioPlayResponse | cloud_to_app.RgbLedControlResponse],
    request_id: str,
) -> Refuse:
    """Return what tells an app that its request failed, in the message its SDK waits for."""

    def refuse(code: ErrorCode, why: str) -> None:
        tell_app(
            seat,
            answer(
                request_id=request_id,
                success=False,
                error=f"{code}: {why}",
                session_id=seat.app_session_id,
                timestamp=now_iso(runtime),
            ),
        )

    return refuse


def hand_over(seat: AppSeat, raw: str, request_id: str) -> None:
    """Give a phone's answer to the app, under the app's own name for its request; held while its socket is away."""
    answer = json.loads(raw)
    text = raw if answer["requestId"] == request_id else json.dumps({**answer, "requestId": request_id})
    if seat.link is not None and seat.link.is_open:
        seat.link.send_text(text)
    elif seat.is_expected:
        seat.held.add(text)


def _send(runtime: SessionRuntime, seat: AppSeat, request: Request, deadline: float) -> None:
    own_name = request.request_id
    name = own_name if own_name is None else _name_for_phone(runtime, seat, own_name)
    if not runtime.phone.send(request.message(name or "")):
        request.refuse(ErrorCode.WEBSOCKET_CLOSED, "")
        return
    request.on_sent()
    if name is None or own_name is None:
        return
    runtime.requests.wait_for(
        name,
        seat.package_name,
        deadline - runtime.upkeep.clock.monotonic(),
        kind=request.kind,
        on_answer=lambda raw: hand_over(seat, raw, own_name),
        on_timeout=lambda: _too_late(runtime, request),
        destination=request.destination,
    )


def _name_for_phone(runtime: SessionRuntime, seat: AppSeat, name: str) -> str:
    """Return an id that no other app's open request has: apps choose theirs without knowing of each other."""
    is_taken = runtime.requests.is_open(name) and not runtime.requests.is_of(name, seat.package_name)
    return f"{name}@{seat.package_name}" if is_taken else name


def _too_late(runtime: SessionRuntime, request: Request) -> None:
    if not request.is_awaited:
        return
    if runtime.phone.is_open:
        request.refuse(ErrorCode.TIMEOUT, "The phone took the request but did not answer")
    else:
        request.refuse(ErrorCode.PHONE_DISCONNECTED, "The phone took the request and left before it answered")
