"""One wearer's teleprompter: scrolls with the words it hears, or at a speed, and stops at the button."""

import asyncio

from examples.teleprompter.script import Script
from mentra_sdk import CloudError, MentraSession, MiniAppServer, Subscription
from mentra_sdk.capabilities.settings import SettingChange
from mentra_sdk.captions import COLUMNS
from mentra_sdk.events import ButtonPress, PermissionRefused, Transcription
from mentra_sdk.layouts import TextWall

SCRIPT, FOLLOW, SPEED, ROWS = "script", "follow", "speed", "lines"
USUAL_SPEED, SLOWEST_SPEED = 130, 10
SECONDS_A_MINUTE = 60
USUAL_ROWS, MOST_ROWS = 4, 8
SPEECH_TROUBLE = "SPEECH_"
WELCOME = (
    "Welcome! These words move on as you read them aloud. Press the button to stop and to go on, press it long to "
    "begin again. Put a text of your own into the settings of this app."
)


class Prompting:
    """The app for one wearer. `run` ends when the session cancels it."""

    def __init__(self, session: MentraSession, script: str) -> None:
        self._session = session
        self._usual_script = script
        self._script = self._chosen_script()
        self._is_paused = False
        self._is_deaf = False
        self._changed = asyncio.Event()
        self._listening: Subscription | None = None
        self._listen_if_wanted()
        session.settings.on_change(self._on_setting)
        session.device.on_capabilities_change(lambda _capabilities: self._changed.set())
        session.device.on_button_press(self._on_button_press)
        session.permissions.on_refused(self._on_refused)
        session.on_error(self._on_error)

    async def run(self) -> None:
        """Draw whenever something changed, and go on by a word when it is time where nobody is listened to."""
        while True:
            self._changed.clear()
            self._draw()
            try:
                async with asyncio.timeout(self._seconds_to_next_word()):
                    await self._changed.wait()
            except TimeoutError:
                self._script.advance()

    def _seconds_to_next_word(self) -> float | None:
        """Return how long the next word takes, or None when it is not time that moves the text."""
        if self._is_paused or self._script.is_over or (self._listening and not self._is_deaf):
            return None
        return SECONDS_A_MINUTE / max(self._number(SPEED, USUAL_SPEED), SLOWEST_SPEED)

    def _listen_if_wanted(self) -> None:
        """Listen only while the text is to follow the voice; the microphone is off otherwise."""
        wants = self._session.settings.get(FOLLOW, True) is not False
        if wants and self._listening is None:
            self._listening = self._session.transcription.on(self._on_speech)
        elif not wants and self._listening is not None:
            self._listening.cancel()
            self._listening = None

    def _on_speech(self, speech: Transcription) -> None:
        was_deaf, self._is_deaf = self._is_deaf, False
        has_moved = not self._is_paused and self._script.follow(speech.text)
        if has_moved or was_deaf:
            self._changed.set()

    def _on_setting(self, change: SettingChange) -> None:
        if change.key == SCRIPT:
            self._script = self._chosen_script()
        elif change.key == FOLLOW:
            self._is_deaf = False
            self._listen_if_wanted()
        self._changed.set()

    def _on_button_press(self, press: ButtonPress) -> None:
        if press.press_type == "long" or self._script.is_over:
            self._script.restart()
            self._is_paused = False
        else:
            self._is_paused = not self._is_paused
        self._changed.set()

    def _on_refused(self, refused: PermissionRefused) -> None:
        self._session.log.warning("not allowed to listen: %s", refused.message)
        self._go_deaf()

    def _on_error(self, error: CloudError) -> None:
        if error.code.startswith(SPEECH_TROUBLE):
            self._go_deaf()

    def _go_deaf(self) -> None:
        """Scroll by time until something is heard again."""
        self._is_deaf = True
        self._changed.set()

    def _draw(self) -> None:
        state, rows = self._state(), self._rows()
        lines = [*self._script.lines(rows - 1), state] if state and rows > 1 else self._script.lines(rows)
        self._session.display.keep(TextWall(text="\n".join(lines)))

    def _state(self) -> str:
        """Return what stands below the text, if anything."""
        if self._script.is_over:
            return "– the end –"
        if self._is_paused:
            return "– paused –"
        return "– cannot hear you: moving by itself –" if self._listening and self._is_deaf else ""

    def _chosen_script(self) -> Script:
        text = str(self._session.settings.get(SCRIPT) or "")
        return Script(text if text.strip() else self._usual_script, COLUMNS)

    def _rows(self) -> int:
        """Return how many lines the wearer wants, and the glasses have."""
        most = self._session.device.max_text_lines
        rows = int(self._number(ROWS, USUAL_ROWS))
        return max(1, min(rows, most if most is not None else MOST_ROWS))

    def _number(self, key: str, usual: float) -> float:
        value = self._session.settings.get(key)
        return value if isinstance(value, int | float) else usual


def build_app(
    *,
    package_name: str,
    api_key: str,
    port: int,
    host: str = "127.0.0.1",
    webhook_secret: str | None = None,
    script: str = WELCOME,
) -> MiniAppServer:
    """Return the app, ready to run. `script` is for those who have none of their own."""
    app = MiniAppServer(
        package_name=package_name, api_key=api_key, port=port, host=host, webhook_secret=webhook_secret
    )

    @app.on_session
    async def prompt(session: MentraSession) -> None:
        await Prompting(session, script).run()

    return app
