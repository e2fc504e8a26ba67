"""The simulated phone: everything a wearer or the phone itself can do, as one call each."""

import asyncio
from itertools import chain
from pathlib import Path

from sessions_app.protocol.fragments import WifiState
from sessions_app.protocol.glasses_to_cloud import (
    ButtonPress,
    CalendarEvent,
    GlassesBatteryUpdate,
    GlassesConnectionState,
    HeadPosition,
    LocalTranscription,
    LocationUpdate,
    OpenDashboard,
    PhoneNotification,
    PhoneNotificationDismissed,
    StartApp,
    StopApp,
    TouchEvent,
    Vad,
)
from sessions_app.simulator.connection import PhoneConnection
from sessions_app.simulator.sound import BYTES_PER_SECOND, read_wav, silence, split_frames

GLASSES_MODEL = "Simulated Glasses"
PROVIDER = "simulator"
SPOKEN_MS_PER_CHARACTER = 70


class SimulatedPhone(PhoneConnection):
    """A phone with glasses. Every method sends at once; without a connection it raises ConnectionLost."""

    async def start_app(self, package_name: str) -> None:
        """Ask for an app to be started."""
        await self.send(StartApp(package_name=package_name))

    async def stop_app(self, package_name: str) -> None:
        """Ask for an app to be stopped."""
        await self.send(StopApp(package_name=package_name))

    async def press(self, button_id: str = "main", *, press_type: str = "short") -> None:
        """Press a button, `short` or `long`."""
        await self.send(ButtonPress(button_id=button_id, press_type=press_type))

    async def head_up(self) -> None:
        """Look up."""
        await self.send(HeadPosition(position="up"))

    async def head_down(self) -> None:
        """Look straight again."""
        await self.send(HeadPosition(position="down"))

    async def open_dashboard(self) -> None:
        """Ask for the dashboard without looking up."""
        await self.send(OpenDashboard())

    async def touch(self, gesture_name: str, *, device_model: str = GLASSES_MODEL) -> None:
        """Make a gesture on the touch pad, such as `double_tap`."""
        await self.send(TouchEvent(gesture_name=gesture_name, device_model=device_model))

    async def report_battery(self, level: int, *, charging: bool = False) -> None:
        """Report the charge of the glasses in percent."""
        await self.send(GlassesBatteryUpdate(level=level, charging=charging))

    async def report_glasses(
        self, status: str = "CONNECTED", *, model_name: str = GLASSES_MODEL, wifi_ssid: str | None = None
    ) -> None:
        """Report the glasses as CONNECTED, DISCONNECTED or RECONNECTED, with their Wi-Fi if they have one."""
        wifi = None if wifi_ssid is None else WifiState(connected=True, ssid=wifi_ssid)
        await self.send(GlassesConnectionState(status=status, model_name=model_name, wifi=wifi))

    async def report_location(
        self, latitude: float, longitude: float, *, accuracy_meters: float | None = None
    ) -> None:
        """Report a position in degrees."""
        await self.send(LocationUpdate(lat=latitude, lng=longitude, accuracy=accuracy_meters))

    async def report_calendar_event(
        self, event_id: str, title: str, *, start: str, end: str, timezone: str = "UTC"
    ) -> None:
        """Report an entry of the calendar; times as ISO 8601."""
        await self.send(
            CalendarEvent(event_id=event_id, title=title, dt_start=start, dt_end=end, timezone=timezone)
        )

    async def report_notification(
        self, notification_id: str, app: str, title: str, content: str, *, priority: str = "normal"
    ) -> None:
        """Report a notification that appeared on the phone."""
        await self.send(
            PhoneNotification(
                notification_id=notification_id, app=app, title=title, content=content, priority=priority
            )
        )

    async def dismiss_notification(self, notification_id: str, notification_key: str = "") -> None:
        """Report that a notification is gone."""
        await self.send(
            PhoneNotificationDismissed(
                notification_id=notification_id, notification_key=notification_key or None
            )
        )

    async def say(self, text: str, *, is_final: bool = True, language: str = "en-US") -> None:
        """Report words as recognised on the phone."""
        await self.send(
            LocalTranscription(
                text=text,
                is_final=is_final,
                start_time=0,
                end_time=len(text) * SPOKEN_MS_PER_CHARACTER,
                speaker_id=0,
                transcribe_language=language,
                provider=PROVIDER,
            )
        )

    async def play_sound(self, sound: bytes, *, speed: float = 1.0, silence_seconds: float = 0.0) -> None:
        """Send sound (PCM16, mono, 16,000 Hz) in frames of 20 ms at `speed` times real time.

        It is announced as voice; `silence_seconds` of silence and the end of the voice follow, so that recognition
        finishes what it heard.
        """
        await self.send(Vad(status=True))
        loop = asyncio.get_running_loop()
        due = loop.time()
        for frame in chain(split_frames(sound), split_frames(silence(silence_seconds))):
            await self.send_audio(frame)
            due += len(frame) / BYTES_PER_SECOND / speed
            await asyncio.sleep(due - loop.time())
        await self.send(Vad(status=False))

    async def play_wav(self, path: str | Path, *, speed: float = 1.0) -> None:
        """Send the sound of a WAV file; raises UnusableSound."""
        await self.play_sound(await asyncio.to_thread(read_wav, path), speed=speed)
