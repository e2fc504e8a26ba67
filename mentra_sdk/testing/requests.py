"""What the cloud does with the messages of an app: draw, answer, remember. One method per type, one table."""

import itertools
from collections.abc import Callable, Mapping

from mentra_sdk.testing import streams
from mentra_sdk.testing.app_calls import Message
from mentra_sdk.testing.app_run import AppRun
from mentra_sdk.testing.hardware import Hardware
from mentra_sdk.testing.screen import Drawing, Screen
from mentra_sdk.testing.waiting import Changes

STREAM_ID_BYTES = 36
SaveFile = Callable[[bytes], str]


class Requests:
    """Serves the apps of one user. `save_file` keeps bytes and returns the address where an app can read them."""

    def __init__(self, screen: Screen, hardware: Hardware, changes: Changes, save_file: SaveFile) -> None:
        self.dashboard: dict[str, str] = {}
        self._screen = screen
        self._hardware = hardware
        self._changes = changes
        self._save_file = save_file
        self._polls: list[tuple[AppRun, str]] = []
        self._numbers = itertools.count(1)
        self._handlers: Mapping[str, Callable[[AppRun, Message], None]] = {
            "subscription_update": self._subscribe,
            "display_event": self._draw,
            "dashboard_content_update": self._put_on_dashboard,
            "photo_request": self._take_photo,
            "audio_play_request": self._play,
            "audio_stream_start": self._open_sound,
            "rgb_led_control": self._light,
            "location_poll_request": self._locate,
            "stream_request": self._stream,
            "stream_stop": self._stop_stream,
            "managed_stream_request": self._stream_managed,
            "managed_stream_stop": self._stop_managed,
            "stream_status_check": self._check_stream,
        }

    def take(self, run: AppRun, message: Message) -> None:
        """Serve one message."""
        run.received.append(message)
        handler = self._handlers.get(str(message.get("type")))
        if handler is not None:
            handler(run, message)
        self._changes.tell()

    def take_bytes(self, data: bytes) -> None:
        """Add sound to the speaker stream that its first 36 bytes name (app-socket §9)."""
        stream_id = data[:STREAM_ID_BYTES].decode("ascii", "replace").lower()
        if stream_id in self._hardware.written_sound:
            self._hardware.written_sound[stream_id] += data[STREAM_ID_BYTES:]
            self._changes.tell()

    def answer_polls(self) -> None:
        """Answer the apps that asked where the user is, now that it is known."""
        position = self._hardware.position
        while position is not None and self._polls:
            run, correlation_id = self._polls.pop()
            data = {"type": "location_update", **position, "correlationId": correlation_id}
            run.send("data_stream", streamType="location_update", data=data)

    def forget(self, run: AppRun) -> None:
        """Take away what a stopped app left behind."""
        self.dashboard.pop(run.package_name, None)
        self._hardware.streams.pop(run.package_name, None)
        self._polls = [poll for poll in self._polls if poll[0] is not run]
        self._changes.tell()

    def _subscribe(self, run: AppRun, message: Message) -> None:
        hardware = self._hardware
        for stream in run.subscribe(streams.names(message.get("subscriptions", []))):
            if stream == "calendar_event":
                for appointment in hardware.appointments:
                    run.tell([stream], appointment)
            elif stream == "glasses_battery_update" and hardware.battery is not None:
                run.tell([stream], hardware.battery)
            elif stream in ("location_update", "location_stream") and hardware.position is not None:
                run.tell([stream], hardware.position)

    def _draw(self, run: AppRun, message: Message) -> None:
        duration_ms = message.get("durationMs")
        seconds = duration_ms / 1000 if duration_ms else None
        self._screen.draw(Drawing(run.package_name, message["layout"], seconds))

    def _put_on_dashboard(self, run: AppRun, message: Message) -> None:
        self.dashboard[run.package_name] = message["content"]

    def _take_photo(self, run: AppRun, message: Message) -> None:
        failure = self._hardware.photo_failure
        if not run.has("CAMERA"):
            failure = ("PERMISSION_DENIED", "The app has not declared CAMERA")
        if failure is not None:
            code, text = failure
            error = {"code": code, "message": text}
            run.send("photo_response", requestId=message["requestId"], success=False, error=error)
            return
        run.send(
            "photo_response",
            requestId=message["requestId"],
            success=True,
            photoUrl=self._save_file(self._hardware.picture or b""),
            savedToGallery=bool(message.get("saveToGallery", False)),
        )

    def _play(self, run: AppRun, message: Message) -> None:
        failure = self._hardware.sound_failure
        outcome = (
            {"success": True, "duration": round(self._hardware.sound_seconds * 1000)}
            if failure is None
            else {"success": False, "error": failure}
        )
        run.send("audio_play_response", requestId=message["requestId"], **outcome)

    def _open_sound(self, run: AppRun, message: Message) -> None:
        stream_id = message["streamId"].lower()
        self._hardware.written_sound[stream_id] = bytearray()
        url = self._save_file(b"")
        run.send("audio_stream_ready", streamId=message["streamId"], streamUrl=url)

    def _light(self, run: AppRun, message: Message) -> None:
        failure = self._hardware.light_failure
        outcome = {"success": True} if failure is None else {"success": False, "error": failure}
        run.send("rgb_led_control_response", requestId=message.get("requestId"), **outcome)

    def _locate(self, run: AppRun, message: Message) -> None:
        if not run.has("LOCATION"):
            run.report_refused([("location_update", "LOCATION")])
            return
        self._polls.append((run, message["correlationId"]))
        self.answer_polls()

    def _stream(self, run: AppRun, message: Message) -> None:
        if not run.has("CAMERA"):
            run.send("stream_status", status="error", errorDetails="PERMISSION_DENIED")
            return
        stream_id = f"s{next(self._numbers)}"
        self._hardware.streams[run.package_name] = stream_id
        for status in ("initializing", "active"):
            run.send("stream_status", status=status, streamId=stream_id, appId=run.package_name)

    def _stop_stream(self, run: AppRun, message: Message) -> None:
        stream_id = self._hardware.streams.pop(run.package_name, None)
        if stream_id is not None:
            run.send("stream_status", status="stopped", streamId=stream_id, appId=run.package_name)

    def _stream_managed(self, run: AppRun, message: Message) -> None:
        if not run.has("CAMERA"):
            run.send("managed_stream_status", status="error", message="PERMISSION_DENIED")
            return
        stream_id = f"m{next(self._numbers)}"
        self._hardware.streams[run.package_name] = stream_id
        run.send("managed_stream_status", status="initializing", streamId=stream_id)
        run.send("managed_stream_status", status="active", streamId=stream_id, **_addresses(stream_id))

    def _stop_managed(self, run: AppRun, message: Message) -> None:
        stream_id = self._hardware.streams.pop(run.package_name, None)
        if stream_id is not None:
            run.send("managed_stream_status", status="stopped", streamId=stream_id)

    def _check_stream(self, run: AppRun, message: Message) -> None:
        stream_id = self._hardware.streams.get(run.package_name)
        asked = {"requestId": message["requestId"]} if "requestId" in message else {}
        if stream_id is None:
            run.send("stream_status_check_response", hasActiveStream=False, **asked)
            return
        managed = stream_id.startswith("m")
        info = {
            "type": "managed" if managed else "unmanaged",
            "streamId": stream_id,
            "status": "active",
            "createdAt": "2026-01-02T03:04:05.678Z",
            **(_addresses(stream_id) if managed else {}),
        }
        run.send("stream_status_check_response", hasActiveStream=True, streamInfo=info, **asked)


def _addresses(stream_id: str) -> dict[str, str]:
    root = f"https://video.test/{stream_id}"
    return {"hlsUrl": f"{root}.m3u8", "dashUrl": f"{root}.mpd", "webrtcUrl": f"{root}/play"}
