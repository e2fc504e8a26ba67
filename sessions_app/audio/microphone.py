"""Keeps the microphone of one user's glasses as the apps need it, and knows whether audio is welcome.

Holds the state of audio/rules.py and its timer. Must not know sockets or subscriptions: what the phone is
told leaves by the `send` callable.
"""

from collections.abc import Callable

from sessions_app.audio import rules
from sessions_app.audio.rules import MicrophoneState, MicrophoneTimes
from sessions_app.clock import Clock, Timer
from sessions_app.protocol.microphone import MicrophoneNeed


class Microphone:
    """The microphone of one user. Without a phone nothing is sent; phone_attached catches up."""

    def __init__(
        self, send: Callable[[MicrophoneNeed], None], clock: Clock, *, times: MicrophoneTimes | None = None
    ) -> None:
        self._send = send
        self._clock = clock
        self._state = MicrophoneState(times=times or MicrophoneTimes())
        self._is_on = False
        self._heard_at = 0.0
        self._timer: Timer | None = None
        self._wakes_at = 0
        self._closed = False

    @property
    def need(self) -> MicrophoneNeed:
        """What the apps need at present."""
        return self._state.need

    @property
    def silent_since(self) -> float | None:
        """Since when, by the steady clock, sound was expected and none came; None while none is expected."""
        if not self._state.need.enabled or not self._is_on or self._state.attached_at is None:
            return None
        return max(self._state.on_since / 1_000, self._heard_at)

    def set_need(self, need: MicrophoneNeed) -> None:
        """Take what the subscriptions need now."""
        self._update(rules.change_need(self._state, need, self._now()))

    def hold(self, held: bool) -> None:
        """Keep the microphone on while an app with speech subscriptions is missing, at most for a minute."""
        self._update(rules.change_hold(self._state, held, self._now()))

    def phone_attached(self) -> None:
        """A phone connected; it is told the state after 100 ms."""
        self._update(rules.attach_phone(self._state, self._now()))

    def phone_lost(self) -> None:
        """The phone is gone."""
        self._update(rules.lose_phone(self._state))

    def resync(self) -> None:
        """Tell the phone the state once more, because the glasses connected."""
        self._update(rules.repeat(self._state))

    def audio_received(self) -> bool:
        """Note that audio came; False when nobody needs it and it is to be dropped."""
        if self._is_on:
            self._heard_at = self._clock.monotonic()
            return True
        self._state, told = rules.refuse_audio(self._state, self._now())
        if told is not None and not self._closed:
            self._send(told)
        return False

    def close(self) -> None:
        """Stop the timer; nothing is sent any more."""
        self._closed = True
        self._disarm()

    def _now(self) -> int:
        return round(self._clock.monotonic() * 1_000)

    def _update(self, state: MicrophoneState) -> None:
        if self._closed:
            return
        now = self._now()
        decision = rules.decide(state, now, round(self._heard_at * 1_000))
        self._state = decision.state
        self._is_on = decision.state.is_on
        if decision.send is not None:
            self._send(decision.send)
        self._arm(decision.wake_at, now)

    def _arm(self, wake_at: int | None, now: int) -> None:
        if wake_at is None:
            self._disarm()
            return
        # A timer that fires too early only asks again: cheaper than moving it at every event.
        if self._timer is not None and self._wakes_at <= wake_at:
            return
        self._disarm()
        self._wakes_at = wake_at
        self._timer = self._clock.call_later((wake_at - now) / 1_000, self._wake)

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _wake(self) -> None:
        self._timer = None
        self._update(self._state)
