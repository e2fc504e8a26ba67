"""One wearer's notifications: shows each for a while, reads it aloud at the button, forgets it with the phone."""

import asyncio

from examples.notifications_reader.inbox import Inbox, card, is_left_out, sentence
from mentra_sdk import MentraSession, MiniAppServer
from mentra_sdk.capabilities.speaker import PlayResult
from mentra_sdk.errors import RequestFailed
from mentra_sdk.events import ButtonPress, PermissionRefused, PhoneNotification, PhoneNotificationDismissed
from mentra_sdk.layouts import Layout, ReferenceCard

SECONDS, ALOUD, LEFT_OUT = "seconds", "aloud", "left_out"
USUAL_SECONDS, NOTICE_SECONDS = 8.0, 5.0
USUAL_ROWS = 4


class Reading:
    """The app for one wearer. `run` ends when the session cancels it."""

    def __init__(self, session: MentraSession) -> None:
        self._session = session
        self._inbox = Inbox()
        self._shown: Layout | None = None
        self._shown_until = 0.0
        self._to_read: asyncio.Queue[str] = asyncio.Queue()
        self._voice: asyncio.Task[PlayResult] | None = None
        session.phone.notifications.on(self._on_notification)
        session.phone.notifications.on_dismissed(self._on_dismissed)
        session.device.on_button_press(self._on_button_press)
        session.permissions.on_refused(self._on_refused)
        session.on_reconnected(self._draw_anew)

    async def run(self) -> None:
        """Read aloud what is asked for, one after the other."""
        while True:
            text = await self._to_read.get()
            self._voice = asyncio.create_task(self._session.speaker.speak(text, stop_other_audio=True))
            try:
                await asyncio.wait({self._voice})
                if not self._voice.cancelled():
                    self._voice.result()
            except RequestFailed as problem:
                self._show(ReferenceCard(title="Cannot read aloud", text=problem.message), NOTICE_SECONDS)
            finally:
                self._voice.cancel()

    @property
    def _is_reading(self) -> bool:
        return self._voice is not None and not self._voice.done()

    @property
    def _is_shown(self) -> bool:
        return self._shown is not None and _now() < self._shown_until

    def _on_notification(self, notification: PhoneNotification) -> None:
        if is_left_out(notification, str(self._session.settings.get(LEFT_OUT) or "")):
            return
        self._inbox.put(notification)
        self._show_newest()
        if self._session.settings.get(ALOUD) is True:
            self._to_read.put_nowait(sentence(notification))

    def _on_dismissed(self, dismissed: PhoneNotificationDismissed) -> None:
        self._forget(dismissed.notification_id)

    async def _on_button_press(self, press: ButtonPress) -> None:
        """Short: be silent, or show the newest, or read aloud what is shown. Long: forget what is shown."""
        newest = self._inbox.newest()
        if self._is_reading:
            await self._be_silent()
        elif newest is None:
            self._show(ReferenceCard(title="Notifications", text="There is nothing new."), NOTICE_SECONDS)
        elif press.press_type == "long":
            self._forget(newest.notification_id)
        elif self._is_shown:
            self._to_read.put_nowait(sentence(newest))
        else:
            self._show_newest()

    async def _be_silent(self) -> None:
        while not self._to_read.empty():
            self._to_read.get_nowait()
        if self._voice is not None:
            self._voice.cancel()
        await self._session.speaker.stop()

    def _on_refused(self, refused: PermissionRefused) -> None:
        self._show(ReferenceCard(title="No notifications", text=refused.message), NOTICE_SECONDS)

    def _forget(self, notification_id: str) -> None:
        newest = self._inbox.newest()
        self._inbox.drop(notification_id)
        if newest is not None and newest.notification_id == notification_id and self._is_shown:
            self._shown = None
            self._session.display.clear()

    def _show_newest(self) -> None:
        newest = self._inbox.newest()
        if newest is not None:
            waiting = len(self._inbox) - 1
            self._show(card(newest, rows=self._rows(), waiting=waiting), self._seconds())

    def _show(self, layout: Layout, seconds: float) -> None:
        """Show it for a while; what another app shows comes back by itself then."""
        self._shown, self._shown_until = layout, _now() + seconds
        self._session.display.show(layout, duration_seconds=seconds)

    def _draw_anew(self) -> None:
        if self._shown is not None and self._is_shown:
            self._session.display.show(self._shown, duration_seconds=self._shown_until - _now())

    def _seconds(self) -> float:
        seconds = self._session.settings.get(SECONDS)
        return float(seconds) if isinstance(seconds, int | float) else USUAL_SECONDS

    def _rows(self) -> int:
        most = self._session.device.max_text_lines
        return min(USUAL_ROWS, most) if most is not None else USUAL_ROWS


def _now() -> float:
    return asyncio.get_running_loop().time()


def build_app(
    *, package_name: str, api_key: str, port: int, host: str = "127.0.0.1", webhook_secret: str | None = None
) -> MiniAppServer:
    """Return the app, ready to run."""
    app = MiniAppServer(
        package_name=package_name, api_key=api_key, port=port, host=host, webhook_secret=webhook_secret
    )

    @app.on_session
    async def read(session: MentraSession) -> None:
        await Reading(session).run()

    return app
