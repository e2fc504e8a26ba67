"""What happens to the glasses, the phone and their wearer, as an author's test tells it."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from mentra_sdk.testing import streams
from mentra_sdk.testing.app_run import AppRun, State
from mentra_sdk.testing.hardware import Hardware
from mentra_sdk.wire import iso_now

USUAL_LANGUAGE = "en-US"
WORD_MS = 300


class Wearer:
    """Events for the apps of one user. An app gets those it subscribed to, and no others."""

    def __init__(self, hardware: Hardware, runs: Mapping[str, AppRun]) -> None:
        self._hardware = hardware
        self._runs = runs
        self._numbers = itertools.count(1)
        self._utterance: str | None = None

    async def say(
        self,
        text: str,
        *,
        language: str = USUAL_LANGUAGE,
        is_final: bool = True,
        speaker_id: str | None = None,
        translations: Mapping[str, str] | None = None,
    ) -> None:
        """Let the speech recognition hear `text`; interim results and the final one share an utterance id.

        `translations` are the same words in other languages, by short code: `{"es": "hola"}`.
        """
        utterance = self._utterance or f"u-{next(self._numbers)}"
        self._utterance = None if is_final else utterance
        common: dict[str, Any] = {
            "isFinal": is_final,
            "transcribeLanguage": language,
            "startTime": 0,
            "endTime": WORD_MS * len(text.split()),
            "utteranceId": utterance,
            **({} if speaker_id is None else {"speakerId": speaker_id}),
        }
        self._tell(streams.speech_keys(language), {"text": text, "detectedLanguage": language, **common})
        for target, words in (translations or {}).items():
            data = {"text": words, "originalText": text, "translateLanguage": target, "didTranslate": True}
            self._tell(streams.translation_keys(language, target), {**common, **data})

    async def fall_silent(self) -> None:
        """End of a voice, for those who follow voice activity."""
        self._tell(["VAD"], {"status": False})

    async def begin_to_speak(self) -> None:
        """Begin of a voice, for those who follow voice activity."""
        self._tell(["VAD"], {"status": True})

    async def sound(self, chunk: bytes) -> None:
        """Send sound of the microphone: signed 16-bit little-endian, mono, 16,000 Hz."""
        for run in self._running():
            if "audio_chunk" in (run.subscriptions or []) and run.link is not None:
                run.link.send_bytes(chunk)

    async def press_button(self, button_id: str = "main", press_type: str = "short") -> None:
        """Press a button of the glasses, "short" or "long"."""
        self._tell(["button_press"], {"buttonId": button_id, "pressType": press_type})

    async def look_up(self) -> None:
        """Raise the head."""
        self._tell(["head_position"], {"position": "up"})

    async def look_down(self) -> None:
        """Look straight again."""
        self._tell(["head_position"], {"position": "down"})

    async def touch(self, gesture: str) -> None:
        """Touch the glasses: "single_tap", "double_tap", "forward_swipe" …"""
        data = {"gesture_name": gesture, "device_model": self._hardware.state.get("modelName")}
        self._tell([f"touch_event:{gesture}", "touch_event"], data)

    async def battery(self, level: float, *, charging: bool = False) -> None:
        """Change the charge of the glasses, in percent."""
        self._hardware.battery = {"level": level, "charging": charging}
        self._tell(["glasses_battery_update"], self._hardware.battery)
        await self.change_state(batteryLevel=level, charging=charging)

    async def change_state(self, **fields: Any) -> None:
        """Change what is known of the glasses, by the names of the protocol, such as `wifiConnected=True`."""
        self._hardware.state.update(fields)
        for run in self._running():
            run.send("device_state_update", state=fields, fullSnapshot=False)

    async def put_on(self, capabilities: Mapping[str, Any] | None) -> None:
        """Connect other glasses, described as streams-and-permissions §4 does, or none."""
        profile = None if capabilities is None else dict(capabilities)
        self._hardware.capabilities = profile
        name = None if profile is None else profile.get("modelName")
        for run in self._running():
            run.send("capabilities_update", capabilities=profile, modelName=name)

    async def notify(
        self, title: str, content: str = "", *, app: str = "Messages", notification_id: str | None = None
    ) -> str:
        """Let a notification arrive on the phone; return its id."""
        name = notification_id or f"n-{next(self._numbers)}"
        self._tell(["phone_notification"], _notification(name, title, content, app))
        return name

    async def dismiss(self, notification_id: str, *, title: str = "", app: str = "Messages") -> None:
        """Wipe a notification away on the phone."""
        data = {**_notification(notification_id, title, "", app), "notificationKey": notification_id}
        self._tell(["phone_notification_dismissed"], data)

    async def appoint(self, title: str, *, start: str, end: str, event_id: str | None = None) -> None:
        """Put an appointment into the phone's calendar; times are ISO 8601. Apps that subscribe later get it too."""
        name = event_id or f"e-{next(self._numbers)}"
        data = {"eventId": name, "title": title, "dtStart": start, "dtEnd": end, "timeStamp": iso_now()}
        self._hardware.appointments.append(data)
        self._tell(["calendar_event"], data)

    def _running(self) -> list[AppRun]:
        return [run for run in self._runs.values() if run.state in (State.RUNNING, State.AWAY)]

    def _tell(self, keys: Sequence[str], data: Mapping[str, Any]) -> None:
        for run in self._running():
            run.tell(keys, {"timestamp": iso_now(), **data})


def _notification(notification_id: str, title: str, content: str, app: str) -> dict[str, Any]:
    return {
        "notificationId": notification_id,
        "app": app,
        "title": title,
        "content": content,
        "priority": "normal",
    }
