"""The app of the story that both SDKs tell; tests/sdk/v3/story.mjs is the same with the official one.

As a program it reports as the probe apps do: a line on standard output for what happens.
"""

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import Callable

from mentra_sdk import MentraSession, MiniAppServer
from mentra_sdk.dialing import Timing
from mentra_sdk.errors import RequestRefused

Report = Callable[[str, str], None]


def do(session: MentraSession, button_id: str) -> object:
    """Do what the button is for; most only say that they were pressed."""
    if button_id in DEEDS:
        return DEEDS[button_id](session)
    session.display.show_text_wall(f"pressed: {button_id}")
    return None


def _draw_layouts(session: MentraSession) -> None:
    session.display.show_double_text_wall("top", "bottom")
    session.display.show_reference_card("title", "text")
    session.display.show_dashboard_card("left", "right")
    session.display.clear()


async def _take_photo(session: MentraSession) -> None:
    try:
        await session.camera.take_photo(size="small")
    except RequestRefused:
        session.display.show_text_wall("no photo")


async def _stream(session: MentraSession) -> None:
    with contextlib.suppress(RequestRefused):
        await session.camera.start_stream(direct="rtmp://example.com/live")


DEEDS: dict[str, Callable[[MentraSession], object]] = {
    "layouts": _draw_layouts,
    "dashboard": lambda session: session.dashboard.show_text("3 tasks due"),
    "light": lambda session: session.led.set_color("green", duration_seconds=0.5),
    "dark": lambda session: session.led.off(),
    "sound": lambda session: session.speaker.play("https://example.com/gong.mp3", volume=0.5),
    "silence": lambda session: session.speaker.stop(),
    "speech": lambda session: session.speaker.speak("good morning"),
    "configure": lambda session: session.transcription.configure(
        language_hints=["en", "de"], vocabulary=["Mentra"]
    ),
    "photo": _take_photo,
    "stream": _stream,
}
"""One thing of each kind that an app can ask for, by the button that leads to it."""


def build_app(
    *, package_name: str, api_key: str, port: int, report: Report, timing: Timing | None = None
) -> MiniAppServer:
    """Return the app; `report(event, detail)` is told what happens to it."""
    app = MiniAppServer(package_name=package_name, api_key=api_key, port=port, timing=timing)

    @app.on_session
    def play(session: MentraSession) -> None:
        show = session.display.show_text_wall
        session.transcription.on(lambda speech: show(f"heard: {speech.text}"))
        session.device.on_button_press(lambda press: do(session, press.button_id))
        session.location.on_update(lambda _: show("moved"))
        session.settings.on_change(lambda change: show(f"greeting: {change.value}"), key="greeting")
        session.permissions.on_refused(lambda refused: report("refused", refused.permission or ""))
        session.on_disconnected(lambda _: report("disconnected", ""))
        session.on_reconnected(lambda: report("reconnected", ""))
        session.on_stopped(lambda reason: report("stopped", reason))
        show("hello")
        report("session", "")

    @app.on_stop
    def end(_session: MentraSession, reason: str) -> None:
        report("stop", reason)

    return app


def _print(event: str, detail: str) -> None:
    sys.stdout.write(f"PROBE {json.dumps({'event': event, 'detail': detail})}\n")
    sys.stdout.flush()


async def _serve() -> None:
    package_name, api_key, port = (os.environ[f"PROBE_{name}"] for name in ("PACKAGE", "API_KEY", "PORT"))
    app = build_app(package_name=package_name, api_key=api_key, port=int(port), report=_print)
    await app.start()
    _print("listening", port)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve())
