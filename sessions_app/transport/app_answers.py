"""What an app socket is told until it has a seat (app-socket §3): that it waits, that it may not, or why it ends."""

from sessions_app.app_runs.rules import Answer, Verdict
from sessions_app.clock import SystemClock
from sessions_app.outbound.push import to_app
from sessions_app.protocol.cloud_to_app import Pong, ReconnectDeferred, ReconnectRejected, TpaConnectionError
from sessions_app.protocol.codec import iso
from sessions_app.protocol.codes import ERROR_FACTS, CloseCode, CloseReason, ErrorCode
from sessions_app.protocol.families import Family
from sessions_app.transport.links import LocalLink

_clock = SystemClock()


class AppAnswers:
    """Speaks to one socket in the dialect of its `family`, which is a guess until it introduced itself."""

    def __init__(self, link: LocalLink, family: Family) -> None:
        self.family = family
        self._link = link

    def pong(self) -> None:
        """Answer a ping."""
        to_app(self._link, self.family, Pong(timestamp=iso(_clock.now())))

    def say(self, code: ErrorCode, message: str = "") -> None:
        """Name a problem, in the usual words of its code unless told otherwise."""
        to_app(
            self._link,
            self.family,
            TpaConnectionError(
                code=code, message=message or ERROR_FACTS[code].message, timestamp=iso(_clock.now())
            ),
        )

    def defer(self, verdict: Verdict, seconds: float) -> None:
        """Ask to wait so long for the user's phone (app-socket §3.4)."""
        to_app(
            self._link,
            self.family,
            ReconnectDeferred(
                code=verdict.code,
                message="Waiting for the user's phone to connect",
                timeout_ms=round(seconds * 1000),
                timestamp=iso(_clock.now()),
            ),
        )

    def refuse(self, verdict: Verdict) -> None:
        """Say why there is no seat: a rejected reconnect may introduce itself anew, everything else is closed."""
        if verdict.answer is Answer.REJECT:
            to_app(
                self._link,
                self.family,
                ReconnectRejected(
                    code=verdict.code,
                    message="The app is not running for this user",
                    timestamp=iso(_clock.now()),
                ),
            )
            return
        self.say(ErrorCode(verdict.code))
        self._link.close(verdict.close, CloseReason.HANDSHAKE_REFUSED)

    def turn_away(self) -> None:
        """Tell an app that it asks for too much at once."""
        self.say(ErrorCode.RATE_LIMITED)
        self._link.close(CloseCode.TRY_AGAIN_LATER, CloseReason.TOO_OFTEN)

    def fail(self) -> None:
        """Give up for a reason that is ours."""
        self.say(ErrorCode.INTERNAL_ERROR)
        self._link.close(CloseCode.INTERNAL_ERROR, CloseReason.INTERNAL_ERROR)
