"""What each manager (family C) and module (A and B) of the official SDKs is for, done once in a running scene.

`PARTS` has them by the name that the SDK's session has for them.
"""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Any

from sessions_app.protocol.cloud_to_glasses import (
    AudioPlayRequest,
    DisplayEvent,
    RgbLedControl,
    SettingsUpdate,
)
from tests.sdk.packages import Family
from tests.sdk.scene import REFUSED, Scene
from tests.sdk.test_settings import SIZE, SYSTEM
from tests.sdk.test_sound import until
from tests.sdk.test_streams import KINDS, MANAGED, URL, told
from tests.support.hosted_companies import PLAYED, SOUND_PATH, SPOKEN, WATCHED_AT

FRAME = bytes(range(256)) * 2 + bytes(128)
NOON = "2026-01-02T12:00:00Z"

Part = Callable[[Scene], Awaitable[None]]


async def speech(scene: Scene) -> None:
    await scene.say("turn left")
    await scene.data(scene.names.speech, text="turn left", isFinal=True)


async def translation(scene: Scene) -> None:
    await scene.say("hola")
    heard = await scene.data(scene.names.translation, text="HOLA", isFinal=True)
    assert heard["originalText"] == "hola"


async def sound(scene: Scene) -> None:
    """The microphone: voice was told while somebody spoke; sound comes as it is, until the app wants none."""
    await scene.data("VAD")
    await scene.phone.send_audio(FRAME)
    await scene.data("audio_chunk", bytes=len(FRAME), sha256=hashlib.sha256(FRAME).hexdigest())
    await scene.order("stop_mic")
    await scene.listens(*(set(scene.names.granted) - {"VAD", "audio_chunk"}))


async def pressing(scene: Scene) -> None:
    await scene.phone.press("main")
    await scene.data("button_press", buttonId="main", pressType="short")


async def notifications(scene: Scene) -> None:
    await scene.phone.report_notification("n-1", "Messages", "Bob", "Lunch?")
    assert (await scene.data("phone_notification", app="Messages"))["title"] == "Bob"


async def events(scene: Scene) -> None:
    for part in (speech, translation, sound, pressing, notifications, refusal):
        await part(scene)


async def device(scene: Scene) -> None:
    await scene.order("watch_state")
    await scene.phone.report_battery(72)
    await scene.probe.take("state", name="batteryLevel", value=72)
    await scene.order("tell_wifi")
    await scene.probe.take("wifi", connected=True, ssid="lab")


async def drawing(scene: Scene) -> None:
    await scene.order("show", text="Grüße 👓")
    await scene.seen(DisplayEvent, lambda event: event["layout"].get("text") == "Grüße 👓")


async def dashboard(scene: Scene) -> None:
    call = "showText" if scene.family is Family.C else "write"
    await scene.order("dashboard", call=call, arguments=["3 tasks due"])
    await scene.seen(
        DisplayEvent,
        lambda event: event["view"] == "dashboard" and "3 tasks due" in event["layout"].get("text", ""),
    )


async def speaker(scene: Scene) -> None:
    """A sound of somebody else, words read aloud, and for SDK 3 a stream: the last two at the cloud's own address."""
    heard = scene.hardware.speaker.played
    sound = {"audioUrl": scene.web.url + SOUND_PATH, "stopOtherAudio": True}
    await scene.order("play", options=sound)
    assert (await scene.probe.take("played"))["ok"]
    assert bytes(heard[-1].data) == PLAYED

    await scene.order("speak", text=f"Turn left, {scene.family}.")
    await _fetched(scene, 2, SPOKEN)
    if scene.family is not Family.A:
        await scene.order("open_stream", options={"format": "mp3"})
        await scene.order("write_stream", pieces=3, size=1_000)
        await scene.order("end_stream")
        await _fetched(scene, 3, b"".join(bytes([number]) * 1_000 for number in range(3)))


async def _fetched(scene: Scene, count: int, sound: bytes) -> None:
    """Wait until the phone played so many sounds; the last one came from the cloud."""
    heard = scene.hardware.speaker.played
    await scene.seen(AudioPlayRequest, lambda request: request["audioUrl"].startswith(scene.public_url))
    await until(lambda: len(heard) == count and heard[-1].is_over)
    assert (heard[-1].error, bytes(heard[-1].data)) == (None, sound)


async def light(scene: Scene) -> None:
    await scene.order("light", options={"ontime": 60_000})
    on = await scene.seen(RgbLedControl)
    assert (on["action"], on["color"], on["ontime"]) == ("on", "red", 60_000)
    await scene.order("dark")
    assert (await scene.seen(RgbLedControl))["action"] == "off"


async def camera(scene: Scene) -> None:
    await photo(scene)
    await scene.order("follow_streams")
    await scene.order("start_stream", url=URL)
    await told(scene.probe, KINDS[scene.family], "initializing", "active")
    await scene.order("check_stream")
    await scene.probe.take("checked", hasActiveStream=True)
    await scene.order("stop_stream")
    await told(scene.probe, KINDS[scene.family], "stopping", "stopped")

    await scene.order("start_managed", options={})
    managed = await scene.probe.take("managed", 20)
    assert (managed["ok"], managed.get("hlsUrl")) == (True, scene.web.url + WATCHED_AT)
    await scene.order("stop_managed")
    await scene.probe.take("stream", kind=MANAGED, status="stopped")


async def photo(scene: Scene) -> None:
    """An app of SDK 3 is given an address of this cloud, to which the phone has brought the photo; others the photo."""
    picture = scene.hardware.picture
    if scene.family is not Family.C:
        await scene.order("request_photo", options={})
        got = await scene.probe.take("photo")
        assert (got["ok"], got["sha256"]) == (True, hashlib.sha256(picture).hexdigest())
        return
    await scene.order("take_photo", options={})
    got = await scene.probe.take("photo")
    assert got["ok"]
    assert got["url"].startswith(scene.public_url)
    async with scene.api.http.get(got["url"]) as answer:
        assert (answer.status, await answer.read()) == (200, picture)


async def location(scene: Scene) -> None:
    await scene.order("locate", accuracy="high")
    await scene.probe.take("located", lat=52.5, lng=13.4)
    await scene.phone.report_location(48.1, 11.6)
    assert (await scene.data(scene.names.positions, lat=48.1))["lng"] == 11.6


async def storage(scene: Scene) -> None:
    await scene.order("store", values={"theme": "dark"})
    await scene.order("tell_stored")
    assert (await scene.probe.take("stored"))["values"] == {"theme": "dark"}


async def refusal(scene: Scene) -> None:
    denied = await scene.probe.take("permission_denied")
    assert (denied["stream"], denied["permission"]) == (REFUSED, "CALENDAR")


async def permissions(scene: Scene) -> None:
    await refusal(scene)
    granted = (await scene.probe.take("connected"))["permissions"]
    assert {name for name, given in granted.items() if given} >= {"microphone", "camera", "location"}
    assert not granted["calendar"]


async def time(scene: Scene) -> None:
    status, _ = await scene.api.send("PUT", SYSTEM, {"settings": {"timezone": "Asia/Tokyo"}})
    assert status == 200
    # The owner tells the phone after its apps.
    await scene.seen(SettingsUpdate)
    await pressing(scene)
    await scene.order("tell_time", moment=NOON)
    await scene.probe.take("time", zone="Asia/Tokyo", clock="21:00", hours=21, minutes=0)


async def settings(scene: Scene) -> None:
    """The app has a setting from now on; the person's choice is told and may be asked for."""
    package = scene.probe.app.package_name
    await _accepted(scene, "PUT", f"/api/console/apps/{package}", {"settings": [SIZE]})
    await scene.order("follow_settings", key="size", system="metricSystemEnabled")
    await _accepted(scene, "POST", f"/appsettings/{package}", {"key": "size", "value": 7})
    await scene.probe.take("settings_changed")
    await scene.order("fetch_settings")
    fetched = (await scene.probe.take("fetched"))["values"]
    assert {entry["key"]: entry["value"] for entry in fetched} == {"size": 7}


async def _accepted(scene: Scene, method: str, path: str, body: Any) -> None:
    status, said = await scene.api.send(method, path, body)
    assert status == 200, said


_LEGACY: dict[str, Part] = {
    "events": events,
    "layouts": drawing,
    "audio": speaker,
    "camera": camera,
    "led": light,
    "location": location,
    "dashboard": dashboard,
    "settings": settings,
    "simpleStorage": storage,
    "device": device,
}
PARTS: dict[Family, dict[str, Part]] = {
    Family.A: _LEGACY,
    Family.B: _LEGACY,
    Family.C: {
        "transcription": speech,
        "translation": translation,
        "mic": sound,
        "device": device,
        "phone": notifications,
        "display": drawing,
        "dashboard": dashboard,
        "speaker": speaker,
        "led": light,
        "camera": camera,
        "location": location,
        "storage": storage,
        "permissions": permissions,
        "time": time,
    },
}
