"""What each act of the wearer or the phone looks like on the wire."""

import time
import wave
from pathlib import Path

from sessions_app.simulator.phone import SimulatedPhone
from sessions_app.simulator.sound import FRAME_BYTES
from tests.sessions_app.simulator.fake_cloud import GlassesSocket


async def test_the_acts_are_spelled_as_the_protocol_says(
    phone: SimulatedPhone, socket: GlassesSocket
) -> None:
    await socket.next_of("ping")
    await phone.start_app("com.example.hello")
    await phone.stop_app("com.example.hello")
    await phone.press()
    await phone.press("camera", press_type="long")
    await phone.head_up()
    await phone.head_down()
    await phone.open_dashboard()
    await phone.touch("double_tap")
    await phone.report_battery(72, charging=True)
    await phone.report_glasses()
    await phone.report_glasses("DISCONNECTED", model_name="Mentra Live", wifi_ssid="lab")
    await phone.report_location(52.5, 13.4, accuracy_meters=9)
    await phone.say("hello")
    assert [await socket.next() for _ in range(13)] == [
        {"type": "start_app", "packageName": "com.example.hello"},
        {"type": "stop_app", "packageName": "com.example.hello"},
        {"type": "button_press", "buttonId": "main", "pressType": "short"},
        {"type": "button_press", "buttonId": "camera", "pressType": "long"},
        {"type": "head_position", "position": "up"},
        {"type": "head_position", "position": "down"},
        {"type": "open_dashboard"},
        {"type": "touch_event", "gesture_name": "double_tap", "device_model": "Simulated Glasses"},
        {"type": "glasses_battery_update", "level": 72, "charging": True},
        {"type": "glasses_connection_state", "status": "CONNECTED", "modelName": "Simulated Glasses"},
        {
            "type": "glasses_connection_state",
            "status": "DISCONNECTED",
            "modelName": "Mentra Live",
            "wifi": {"connected": True, "ssid": "lab"},
        },
        {"type": "location_update", "lat": 52.5, "lng": 13.4, "accuracy": 9},
        {
            "type": "local_transcription",
            "text": "hello",
            "isFinal": True,
            "startTime": 0,
            "endTime": 350,
            "speakerId": 0,
            "transcribeLanguage": "en-US",
            "provider": "simulator",
        },
    ]


async def test_sound_goes_out_in_frames_at_its_own_speed(
    phone: SimulatedPhone, socket: GlassesSocket, tmp_path: Path
) -> None:
    await socket.next_of("ping")
    with wave.open(str(tmp_path / "a.wav"), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(bytes(range(200)) * 16)
    begun = time.monotonic()
    await phone.play_wav(tmp_path / "a.wav")
    assert time.monotonic() - begun >= 0.1
    frames = [await socket.next_frame() for _ in range(7)]
    assert frames[0] == '{"type":"VAD","status":true}'
    assert [len(frame) for frame in frames[1:-1]] == [FRAME_BYTES] * 5
    assert frames[-1] == '{"type":"VAD","status":false}'


async def test_one_chunk_is_one_binary_frame(phone: SimulatedPhone, socket: GlassesSocket) -> None:
    await socket.next_of("ping")
    await phone.send_audio(b"\1\2\3\4")
    assert await socket.next_frame() == b"\1\2\3\4"


async def test_calendar_and_notifications_become_messages(
    phone: SimulatedPhone, socket: GlassesSocket
) -> None:
    await socket.next_of("ping")
    await phone.report_calendar_event(
        "e", "Stand-up", start="2026-01-02T09:00:00Z", end="2026-01-02T09:15:00Z"
    )
    await phone.report_notification("n", "Messages", "Bob", "Hi")
    await phone.dismiss_notification("n", "0|x|1")
    heard = [await socket.next() for _ in range(3)]
    assert heard == [
        {
            "type": "calendar_event",
            "eventId": "e",
            "title": "Stand-up",
            "dtStart": "2026-01-02T09:00:00Z",
            "dtEnd": "2026-01-02T09:15:00Z",
            "timezone": "UTC",
        },
        {
            "type": "phone_notification",
            "notificationId": "n",
            "app": "Messages",
            "title": "Bob",
            "content": "Hi",
            "priority": "normal",
        },
        {"type": "phone_notification_dismissed", "notificationId": "n", "notificationKey": "0|x|1"},
    ]
