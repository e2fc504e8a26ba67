"""The glasses as a device: their buttons and sensors, their state, what they are able to do."""

from collections.abc import Sequence
from typing import Any

import msgspec

from mentra_sdk.device_state import DeviceState
from mentra_sdk.events import (
    BatteryUpdate,
    ButtonPress,
    Capabilities,
    HeadPosition,
    TouchEvent,
    VpsCoordinates,
)
from mentra_sdk.handlers import Handler, Log, Signal, Subscription, Tasks
from mentra_sdk.listeners import Listeners
from mentra_sdk.outbox import Send
from mentra_sdk.wire_media import WifiSetupRequest

TOUCH = "touch_event"


class Device:
    """The glasses of the user. `capabilities` is replaced, never changed in place; None while there are none."""

    def __init__(self, listeners: Listeners, send: Send, tasks: Tasks, log: Log) -> None:
        self.state = DeviceState(tasks, log)
        self.capabilities: Capabilities | None = None
        self._listeners = listeners
        self._send = send
        self._log = log
        self._capabilities_changed: Signal[Capabilities | None] = Signal(tasks, log)

    @property
    def max_text_lines(self) -> int | None:
        """How many lines of text the display of the connected glasses has; None when their profile does not say."""
        display = (self.capabilities and self.capabilities.display) or {}
        most = display.get("maxTextLines")
        return most if isinstance(most, int) else None

    def on_button_press(self, handler: Handler[ButtonPress]) -> Subscription:
        """Call `handler` when a button is pressed, short or long."""
        return self._listeners.add(handler, keys=("button_press",), kind=ButtonPress)

    def on_head_position(self, handler: Handler[HeadPosition]) -> Subscription:
        """Call `handler` when the wearer looks up or straight again."""
        return self._listeners.add(handler, keys=("head_position",), kind=HeadPosition)

    def on_touch_event(
        self, handler: Handler[TouchEvent], *, gesture: str | Sequence[str] | None = None
    ) -> Subscription:
        """Call `handler` at every gesture on the touch bar, or only at one such as "double_tap", or at several."""
        gestures = (gesture,) if isinstance(gesture, str) else gesture
        keys = (TOUCH,) if gestures is None else tuple(f"{TOUCH}:{each}" for each in gestures)
        return self._listeners.add(handler, keys=keys, kind=TouchEvent, streams=keys)

    def on_battery_update(self, handler: Handler[BatteryUpdate]) -> Subscription:
        """Call `handler` when the charge of the glasses changes; `state` follows as well."""

        def note_and_tell(event: BatteryUpdate) -> object:
            self.state.battery_level.set(event.level)
            self.state.charging.set(event.charging)
            return handler(event)

        return self._listeners.add(note_and_tell, keys=("glasses_battery_update",), kind=BatteryUpdate)

    def on_vps_coordinates(self, handler: Handler[VpsCoordinates]) -> Subscription:
        """Call `handler` with each position in a mapped place."""
        return self._listeners.add(handler, keys=("vps_coordinates",), kind=VpsCoordinates)

    def on_capabilities_change(self, handler: Handler[Capabilities | None]) -> Subscription:
        """Call `handler` when other glasses connect; None when there are none."""
        return self._capabilities_changed.connect(handler)

    def request_wifi_setup(self, reason: str | None = None) -> None:
        """Ask the user to connect the glasses to Wi-Fi, and say why. A refusal is told to `session.on_error`."""
        self._send(WifiSetupRequest(reason=reason))

    def update_capabilities(self, profile: dict[str, Any] | None) -> None:
        """Take over the profile of the connected glasses."""
        try:
            capabilities = None if profile is None else msgspec.convert(profile, Capabilities)
        except msgspec.ValidationError as problem:
            self._log.warning("ignored a capability profile: %s", problem)
            return
        if capabilities is not None and capabilities.model_name:
            self.state.model_name.set(capabilities.model_name)
        if capabilities != self.capabilities:
            self.capabilities = capabilities
            self._capabilities_changed.emit(capabilities)
