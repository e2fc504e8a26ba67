"""The glasses as a device: their buttons and sensors, their state, what they are able to do."""

from typing import Any

import msgspec

from mentra_sdk.events import (
    BatteryUpdate,
    ButtonPress,
    Capabilities,
    DeviceState,
    HeadPosition,
    TouchEvent,
)
from mentra_sdk.handlers import Handler, Log, Signal, Subscription, Tasks
from mentra_sdk.listeners import Listeners


class Device:
    """The glasses of the user. `state` and `capabilities` are replaced, never changed in place."""

    def __init__(self, listeners: Listeners, tasks: Tasks, log: Log) -> None:
        self.state = DeviceState()
        self.capabilities: Capabilities | None = None
        self._listeners = listeners
        self._log = log
        self._known: dict[str, Any] = {}
        self._state_changed: Signal[DeviceState] = Signal(tasks, log)
        self._capabilities_changed: Signal[Capabilities | None] = Signal(tasks, log)

    def on_button_press(self, handler: Handler[ButtonPress]) -> Subscription:
        """Call `handler` when a button is pressed, short or long."""
        return self._listeners.add(handler, keys=("button_press",), kind=ButtonPress)

    def on_head_position(self, handler: Handler[HeadPosition]) -> Subscription:
        """Call `handler` when the wearer looks up or straight again."""
        return self._listeners.add(handler, keys=("head_position",), kind=HeadPosition)

    def on_touch_event(self, handler: Handler[TouchEvent], *, gesture: str | None = None) -> Subscription:
        """Call `handler` at every gesture on the touch bar, or only at one such as "double_tap"."""
        key = "touch_event" if gesture is None else f"touch_event:{gesture}"
        return self._listeners.add(handler, keys=(key,), kind=TouchEvent)

    def on_battery_update(self, handler: Handler[BatteryUpdate]) -> Subscription:
        """Call `handler` when the charge of the glasses changes."""
        return self._listeners.add(handler, keys=("glasses_battery_update",), kind=BatteryUpdate)

    def on_state_change(self, handler: Handler[DeviceState]) -> Subscription:
        """Call `handler` with the whole new state whenever a part of it changes. Needs no subscription."""
        return self._state_changed.connect(handler)

    def on_capabilities_change(self, handler: Handler[Capabilities | None]) -> Subscription:
        """Call `handler` when other glasses connect; None when there are none."""
        return self._capabilities_changed.connect(handler)

    def update_state(self, changes: dict[str, Any], *, full_snapshot: bool) -> None:
        """Take over what the cloud reports; fields that do not fit are logged and skipped."""
        known = {} if full_snapshot else self._known
        try:
            state = msgspec.convert({**known, **changes}, DeviceState)
        except msgspec.ValidationError as problem:
            self._log.warning("ignored a device state: %s", problem)
            return
        self._known = {**known, **changes}
        if state != self.state:
            self.state = state
            self._state_changed.emit(state)

    def update_capabilities(self, profile: dict[str, Any] | None) -> None:
        """Take over the profile of the connected glasses."""
        try:
            capabilities = None if profile is None else msgspec.convert(profile, Capabilities)
        except msgspec.ValidationError as problem:
            self._log.warning("ignored a capability profile: %s", problem)
            return
        if capabilities != self.capabilities:
            self.capabilities = capabilities
            self._capabilities_changed.emit(capabilities)
