"""The coloured light of the glasses (app-socket §7.4; media.md §7). Fire and forget."""

from collections.abc import Callable
from typing import Literal

from mentra_sdk import wire_media
from mentra_sdk.errors import CloudError
from mentra_sdk.outbox import Send
from mentra_sdk.refusals import split_failure
from mentra_sdk.requests import new_request_id

Color = Literal["red", "green", "blue", "orange", "white"]
USUAL_SECONDS = 1.0


class Led:
    """The light that apps may use; the one that tells of recording is not among it.

    What goes wrong is told to `session.on_error`.
    """

    def __init__(self, send: Send, report: Callable[[CloudError], None]) -> None:
        self._send = send
        self._report = report

    def set_color(
        self,
        color: Color,
        *,
        duration_seconds: float | None = None,
        on_seconds: float | None = None,
        off_seconds: float = 0.0,
        count: int = 1,
    ) -> None:
        """Light up once, for a second unless `duration_seconds` says otherwise, or blink.

        To blink, give `on_seconds` and `off_seconds` of one turn and the `count` of turns.
        """
        if duration_seconds is not None and on_seconds is not None:
            raise ValueError("give duration_seconds to light up once, or on_seconds to blink")
        if on_seconds is None:
            on_seconds, off_seconds, count = duration_seconds, 0.0, 1
        self._send(
            wire_media.LedControl(
                request_id=new_request_id("led_req"),
                action="on",
                color=color,
                ontime=_milliseconds(USUAL_SECONDS if on_seconds is None else on_seconds),
                offtime=_milliseconds(off_seconds),
                count=count,
            )
        )

    def off(self) -> None:
        """Put the light out."""
        self._send(wire_media.LedControl(request_id=new_request_id("led_req"), action="off"))

    def take_response(self, answer: wire_media.LedResponse) -> None:
        """Report a light that could not be switched."""
        if not answer.success:
            code, message = split_failure(answer.error)
            self._report(CloudError(code=code, message=message, request_id=answer.request_id))


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)
