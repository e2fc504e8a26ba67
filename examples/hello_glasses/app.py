"""One wearer's visit: turns pages, shows answers for a while, keeps the clock right."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from examples.hello_glasses import pages
from mentra_sdk import MentraSession, MiniAppServer
from mentra_sdk.events import ButtonPress, HeadPosition, Transcription
from mentra_sdk.layouts import ClearView, Layout

ANSWER_SECONDS = 5.0
SECONDS_A_MINUTE = 60


class Visit:
    """The app for one wearer. `run` ends when the session cancels it."""

    def __init__(self, session: MentraSession, now: Callable[[ZoneInfo | None], datetime]) -> None:
        self._session = session
        self._now = now
        self._page = pages.Page.CLOCK
        self._is_dark = False
        self._answer: Layout | None = None
        self._changed = asyncio.Event()
        session.device.on_button_press(self._on_button_press)
        session.device.on_head_position(self._on_head_position)
        state = session.device.state
        for fact in (state.model_name, state.battery_level, state.charging):
            fact.on_change(lambda value: self._changed.set())
        session.transcription.on(self._on_speech)

    async def run(self) -> None:
        """Draw whenever something changed, when an answer has been up long enough and at each new minute."""
        while True:
            self._changed.clear()
            self._session.display.keep(self._current_layout())
            wait_seconds = (
                SECONDS_A_MINUTE - self._local_time().second if self._answer is None else ANSWER_SECONDS
            )
            try:
                async with asyncio.timeout(wait_seconds):
                    await self._changed.wait()
            except TimeoutError:
                self._answer = None

    def _current_layout(self) -> Layout:
        if self._answer is not None:
            return self._answer
        if self._is_dark:
            return ClearView()
        device = self._session.device
        if self._page is pages.Page.GLASSES:
            return pages.glasses(device.state.model_name.value, self._battery(), device.capabilities)
        if self._page is pages.Page.HELP:
            return pages.help_page()
        return pages.clock(self._local_time(), self._session.user_id)

    def _on_button_press(self, press: ButtonPress) -> None:
        self._answer = None
        if press.press_type == "long":
            self._is_dark = not self._is_dark
        elif self._is_dark:
            self._is_dark = False
        else:
            self._page = self._page.next()
        self._changed.set()

    def _on_head_position(self, head: HeadPosition) -> None:
        if head.is_up:
            self._is_dark, self._page, self._answer = False, pages.Page.CLOCK, None
            self._changed.set()

    def _on_speech(self, speech: Transcription) -> None:
        if not speech.text.strip():
            return
        if speech.is_final:
            self._answer = pages.answer(speech.text, self._local_time(), self._battery())
        else:
            self._answer = pages.caption(speech.text)
        self._changed.set()

    def _battery(self) -> pages.Battery:
        state = self._session.device.state
        return pages.Battery(state.battery_level.value, state.charging.value)

    def _local_time(self) -> datetime:
        try:
            zone = ZoneInfo(self._session.settings.timezone or "UTC")
        except (ZoneInfoNotFoundError, ValueError):
            zone = None
        return self._now(zone)


def build_app(
    *,
    package_name: str,
    api_key: str,
    port: int,
    host: str = "127.0.0.1",
    webhook_secret: str | None = None,
    now: Callable[[ZoneInfo | None], datetime] = datetime.now,
) -> MiniAppServer:
    """Return the app, ready to run. `now` tells the time in a zone."""
    app = MiniAppServer(
        package_name=package_name, api_key=api_key, port=port, host=host, webhook_secret=webhook_secret
    )

    @app.on_session
    async def visit(session: MentraSession) -> None:
        session.log.info("hello")
        await Visit(session, now).run()

    @app.on_stop
    def leave(session: MentraSession, reason: str) -> None:
        session.log.info("goodbye (%s)", reason)

    return app
