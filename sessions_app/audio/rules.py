"""What the microphone of the glasses should do and when the phone is told (streams-and-permissions §11).

Functions of (state, event, now) with times in whole milliseconds of a steady clock. Must not know sockets,
sessions, timers or who subscribed to what.
"""

from typing import Final, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from sessions_app.protocol.microphone import MICROPHONE_OFF, MicrophoneNeed

LONG_AGO: Final = -(10**9)


class MicrophoneTimes(Struct, frozen=True):
    """The limits of streams-and-permissions §11 and glasses-socket §6, in milliseconds."""

    debounce_ms: int = 1_000
    attach_ms: int = 100
    hold_down_ms: int = 5_000
    longest_hold_ms: int = 60_000
    keep_alive_ms: int = 10_000
    gap_ms: int = 5_000
    gap_pause_ms: int = 30_000
    grace_ms: int = 5_000
    refusal_pause_ms: int = 5_000


class MicrophoneState(Struct, frozen=True):
    """What is needed, what the phone was told last, and the moments that count.

    `sent` is None before the phone was told anything. `repeat` asks for sending even an unchanged state.
    """

    times: MicrophoneTimes = MicrophoneTimes()
    need: MicrophoneNeed = MICROPHONE_OFF
    need_changed_at: int = LONG_AGO
    sent: MicrophoneNeed | None = None
    sent_at: int = LONG_AGO
    on_since: int = LONG_AGO
    attached_at: int | None = None
    off_wanted_at: int = LONG_AGO
    held_until: int = LONG_AGO
    repeat: bool = False
    quiet_until: int = LONG_AGO
    gap_noticed_at: int = LONG_AGO
    refused_at: int = LONG_AGO

    @property
    def is_on(self) -> bool:
        """Whether audio is expected: it is needed, or the phone has not been told otherwise."""
        return self.need.enabled or (self.sent is not None and self.sent.enabled)

    @property
    def off_allowed_at(self) -> int:
        """The moment from which the microphone may be switched off, if nobody needs it."""
        return max(self.off_wanted_at + self.times.hold_down_ms, self.held_until)

    def target(self, now: int) -> MicrophoneNeed:
        """Return what the phone should know now."""
        if self.need.enabled:
            return self.need
        if self.sent is not None and self.sent.enabled and now < self.off_allowed_at:
            return self.sent
        return MICROPHONE_OFF


class Decision(NamedTuple):
    """The next state, what to tell the phone, and when to decide again (None: at the next event)."""

    state: MicrophoneState
    send: MicrophoneNeed | None
    wake_at: int | None


def change_need(state: MicrophoneState, need: MicrophoneNeed, now: int) -> MicrophoneState:
    """The subscriptions changed."""
    if need == state.need:
        return state
    off_wanted_at = now if state.need.enabled and not need.enabled else state.off_wanted_at
    return replace(state, need=need, need_changed_at=now, off_wanted_at=off_wanted_at)


def change_hold(state: MicrophoneState, held: bool, now: int) -> MicrophoneState:
    """An app with speech subscriptions lost its socket, or none is missing any more (P-26)."""
    if held == (now < state.held_until):
        return state
    if held:
        return replace(state, held_until=now + state.times.longest_hold_ms)
    return replace(state, held_until=now, off_wanted_at=now)


def attach_phone(state: MicrophoneState, now: int) -> MicrophoneState:
    """A phone connected: it is told the state a moment later, when it can listen."""
    return replace(state, attached_at=now, repeat=True, quiet_until=now + state.times.attach_ms)


def lose_phone(state: MicrophoneState) -> MicrophoneState:
    """The phone is gone: nobody can be told anything."""
    return replace(state, attached_at=None, repeat=False)


def repeat(state: MicrophoneState) -> MicrophoneState:
    """The glasses may have forgotten the state: it is sent again."""
    return replace(state, repeat=True)


def decide(state: MicrophoneState, now: int, heard_at: int) -> Decision:
    """Say what to tell the phone now; `heard_at` is when the last audio came."""
    if state.attached_at is None:
        return Decision(state, None, None)
    target = state.target(now)
    is_urgent = state.repeat or target != (state.sent or MICROPHONE_OFF)
    gap_at = _gap_at(state, heard_at)
    keep_alive_at = state.sent_at + state.times.keep_alive_ms
    is_due = is_urgent or (target.enabled and now >= min(keep_alive_at, gap_at))
    if is_due and now >= state.quiet_until:
        noticed_at = now if not is_urgent and now >= gap_at else state.gap_noticed_at
        state = replace(_told(state, target, now), gap_noticed_at=noticed_at)
        return Decision(state, target, _wake_at(state, target, now, heard_at))
    if is_due:
        return Decision(state, None, state.quiet_until)
    return Decision(state, None, _wake_at(state, target, now, heard_at))


def refuse_audio(state: MicrophoneState, now: int) -> tuple[MicrophoneState, MicrophoneNeed | None]:
    """Audio came that nobody asked for: tell the phone once, but not while it may just be late."""
    times = state.times
    if state.attached_at is None or state.is_on:
        return state, None
    last_change = max(state.attached_at, state.need_changed_at)
    last_word = max(state.refused_at, state.sent_at)
    if now < last_change + times.grace_ms or now < last_word + times.refusal_pause_ms:
        return state, None
    return replace(_told(state, MICROPHONE_OFF, now), refused_at=now), MICROPHONE_OFF


def _told(state: MicrophoneState, told: MicrophoneNeed, now: int) -> MicrophoneState:
    was_on = state.sent is not None and state.sent.enabled
    return replace(
        state,
        sent=told,
        sent_at=now,
        on_since=state.on_since if was_on else now,
        repeat=False,
        quiet_until=now + state.times.debounce_ms,
    )


def _gap_at(state: MicrophoneState, heard_at: int) -> int:
    silent_since = max(heard_at, state.on_since, state.attached_at or LONG_AGO)
    return max(silent_since + state.times.gap_ms, state.gap_noticed_at + state.times.gap_pause_ms)


def _wake_at(state: MicrophoneState, target: MicrophoneNeed, now: int, heard_at: int) -> int | None:
    if not target.enabled:
        return None
    moments = [state.sent_at + state.times.keep_alive_ms, _gap_at(state, heard_at)]
    if not state.need.enabled:
        moments.append(state.off_allowed_at)
    return max(min(moments), now + 1)
