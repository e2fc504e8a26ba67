"""What the phone is told about its apps: started, stopped, and the debounced state of all (glasses-socket §5.2)."""

from collections.abc import Callable

from sessions_app.clock import Clock, Timer
from sessions_app.outbound.phone import PhoneSeat
from sessions_app.protocol.cloud_to_glasses import AppStarted, AppStateChange, AppStopped, UserSessionView
from sessions_app.protocol.codec import iso

DEBOUNCE_SECONDS = 0.15


class PhoneNotices:
    """Tells the phone. `user_session` builds the current state when it is needed."""

    def __init__(
        self, user_id: str, phone: PhoneSeat, user_session: Callable[[], UserSessionView], clock: Clock
    ) -> None:
        self._user_id = user_id
        self._phone = phone
        self._user_session = user_session
        self._clock = clock
        self._timer: Timer | None = None
        self._problem: str | None = None

    def started(self, package_name: str) -> None:
        """An app runs."""
        self._phone.send(AppStarted(package_name=package_name, timestamp=iso(self._clock.now())))
        self.changed()

    def stopped(self, package_name: str) -> None:
        """An app ended, failed to start or did not come back."""
        self._phone.send(AppStopped(package_name=package_name, timestamp=iso(self._clock.now())))
        self.changed()

    def refused(self, package_name: str, problem: str) -> None:
        """An app could not even be tried."""
        self._phone.send(AppStopped(package_name=package_name, timestamp=iso(self._clock.now())))
        self.changed(problem)

    def changed(self, problem: str | None = None) -> None:
        """The set of running or loading apps changed; several changes within 150 ms become one message."""
        self._problem = problem or self._problem
        if self._timer is None:
            self._timer = self._clock.call_later(DEBOUNCE_SECONDS, self._send)

    def close(self) -> None:
        """Send nothing more."""
        if self._timer is not None:
            self._timer.cancel()

    def _send(self) -> None:
        self._timer = None
        problem, self._problem = self._problem, None
        self._phone.send(
            AppStateChange(
                session_id=self._user_id,
                user_session=self._user_session(),
                error=problem,
                timestamp=iso(self._clock.now()),
            )
        )
