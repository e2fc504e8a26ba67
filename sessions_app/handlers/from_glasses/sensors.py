"""Sensors and device messages (glasses-socket §4.2): passed on untouched, some remembered."""

from sessions_app.handlers.answers import tell_phone_error
from sessions_app.handlers.from_glasses.device import device_changed
from sessions_app.handlers.from_glasses.location import on_located
from sessions_app.handlers.registry import from_glasses
from sessions_app.handlers.relaying import relay
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.phone.device_state import changes_of_battery, changes_of_connection
from sessions_app.phone.rules import is_position
from sessions_app.protocol.base import GlassesMessage, message_type
from sessions_app.protocol.codes import ErrorCode
from sessions_app.protocol.glasses_to_cloud import (
    ButtonPress,
    GlassesBatteryUpdate,
    GlassesConnectionState,
    HeadPosition,
    LocationUpdate,
    PhoneBatteryUpdate,
    SwipeVolumeStatus,
    SwitchStatus,
    TouchEvent,
    Vad,
    VpsCoordinates,
)
from sessions_app.streams.rules import Event

UP, DOWN = "up", "down"
_EVENTS: dict[type[GlassesMessage], Event] = {
    message: Event(message_type(message))
    for message in (
        ButtonPress,
        HeadPosition,
        SwipeVolumeStatus,
        SwitchStatus,
        PhoneBatteryUpdate,
        Vad,
        VpsCoordinates,
        GlassesBatteryUpdate,
        GlassesConnectionState,
        LocationUpdate,
    )
}


@from_glasses(ButtonPress, SwipeVolumeStatus, SwitchStatus, PhoneBatteryUpdate, VpsCoordinates)
def on_event(runtime: SessionRuntime, message: GlassesMessage, raw: str) -> None:
    """Pass an event on to whoever subscribed to it."""
    relay(runtime, _EVENTS[type(message)], raw)


@from_glasses(HeadPosition)
def on_head_position(runtime: SessionRuntime, message: HeadPosition, raw: str) -> None:
    """Let the next app have its turn on the dashboard when the user looks up, and pass it on."""
    if message.position in (UP, DOWN):
        runtime.screen.dashboard.head_moved(is_up=message.position == UP)
    relay(runtime, _EVENTS[HeadPosition], raw)


@from_glasses(Vad)
def on_vad(runtime: SessionRuntime, message: Vad, raw: str) -> None:
    """Have recognisers begin, or end the running utterance, and pass it on."""
    runtime.ears.speech.phone_voice(message.is_speaking)
    relay(runtime, _EVENTS[Vad], raw)


@from_glasses(TouchEvent)
def on_touch_event(runtime: SessionRuntime, message: TouchEvent, raw: str) -> None:
    """Pass a gesture on, to apps that asked for it or for all gestures."""
    relay(runtime, Event("touch_event", gesture=message.gesture_name), raw)


@from_glasses(GlassesBatteryUpdate)
def on_glasses_battery_update(runtime: SessionRuntime, message: GlassesBatteryUpdate, raw: str) -> None:
    """Note the level and pass it on."""
    runtime.data.last_battery = runtime.data.keepable(raw)
    device_changed(runtime, changes_of_battery(message))
    relay(runtime, _EVENTS[GlassesBatteryUpdate], raw)


@from_glasses(GlassesConnectionState)
def on_glasses_connection_state(runtime: SessionRuntime, message: GlassesConnectionState, raw: str) -> None:
    """Note which glasses are there, put the microphone right, and pass it on."""
    runtime.data.last_connection = runtime.data.keepable(raw)
    device_changed(runtime, changes_of_connection(message))
    if runtime.data.device.connected:
        runtime.audio.microphone.resync()
    relay(runtime, _EVENTS[GlassesConnectionState], raw)


@from_glasses(LocationUpdate)
def on_location_update(runtime: SessionRuntime, message: LocationUpdate, raw: str) -> None:
    """Keep the position, answer the app that asked for it, and pass it on (streams-and-permissions §13)."""
    if not is_position(message.lat, message.lng):
        tell_phone_error(
            runtime, ErrorCode.MALFORMED_MESSAGE, "location_update: There is no such place on earth"
        )
        return
    on_located(runtime, message, raw)
