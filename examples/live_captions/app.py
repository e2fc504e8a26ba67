"""One wearer's captions: listens in the chosen language, draws what is heard, goes dark when all is quiet."""

import asyncio

from mentra_sdk import CloudError, MentraSession, MiniAppServer, Subscription
from mentra_sdk.capabilities.settings import SettingChange
from mentra_sdk.captions import Captions
from mentra_sdk.events import Transcription
from mentra_sdk.layouts import ClearView, Layout, ReferenceCard, TextWall

LANGUAGE, ROWS = "language", "lines"
ANY_LANGUAGE = "auto"
FEWEST_ROWS, USUAL_ROWS = 1, 3
QUIET_SECONDS = 20.0
SPEECH_TROUBLE = "SPEECH_"


class Captioning:
    """The app for one wearer. `run` ends when the session cancels it."""

    def __init__(self, session: MentraSession) -> None:
        self._session = session
        self._captions = Captions(self._rows())
        self._trouble = ""
        self._is_quiet = False
        self._changed = asyncio.Event()
        self._language = self._chosen_language()
        self._listening = self._listen()
        session.settings.on_change(self._on_language, key=LANGUAGE)
        session.settings.on_change(self._on_rows, key=ROWS)
        session.device.on_capabilities_change(self._on_rows)
        session.on_error(self._on_error)

    async def run(self) -> None:
        """Draw whenever something changed, and clear the glasses when nobody has spoken for a while."""
        while True:
            self._changed.clear()
            self._session.display.keep(self._current_layout())
            try:
                async with asyncio.timeout(QUIET_SECONDS):
                    await self._changed.wait()
            except TimeoutError:
                self._captions.clear()
                self._is_quiet = True

    def _listen(self) -> Subscription:
        if self._language == ANY_LANGUAGE:
            return self._session.transcription.on(self._on_speech)
        return self._session.transcription.for_language(self._language, self._on_speech)

    def _on_speech(self, speech: Transcription) -> None:
        self._captions.hear(speech.utterance_id, speech.text, is_final=speech.is_final)
        self._trouble, self._is_quiet = "", False
        self._changed.set()

    def _on_language(self, _change: SettingChange) -> None:
        language = self._chosen_language()
        if language == self._language:
            return
        self._session.log.info("listening for %s", language)
        self._language = language
        self._listening.cancel()
        self._listening = self._listen()
        self._trouble, self._is_quiet = "", False
        self._captions.clear()
        self._changed.set()

    def _on_rows(self, _change: object) -> None:
        self._captions.rows = self._rows()
        self._changed.set()

    def _on_error(self, error: CloudError) -> None:
        """Say on the glasses why there are no captions; the words themselves tell when there are some again."""
        if error.code.startswith(SPEECH_TROUBLE):
            self._trouble, self._is_quiet = error.message, False
            self._changed.set()

    def _current_layout(self) -> Layout:
        lines = self._captions.lines()
        if lines:
            return TextWall(text="\n".join(lines))
        if self._trouble:
            return ReferenceCard(title="No captions", text=self._trouble)
        return ClearView() if self._is_quiet else TextWall(text="Listening…")

    def _chosen_language(self) -> str:
        return str(self._session.settings.get(LANGUAGE) or ANY_LANGUAGE)

    def _rows(self) -> int:
        """Return how many lines the wearer wants, and the glasses have."""
        wanted = self._session.settings.get(ROWS)
        rows = int(wanted) if isinstance(wanted, int | float) else USUAL_ROWS
        most = self._session.device.max_text_lines
        return max(FEWEST_ROWS, min(rows, most) if most is not None else rows)


def build_app(
    *, package_name: str, api_key: str, port: int, host: str = "127.0.0.1", webhook_secret: str | None = None
) -> MiniAppServer:
    """Return the app, ready to run."""
    app = MiniAppServer(
        package_name=package_name, api_key=api_key, port=port, host=host, webhook_secret=webhook_secret
    )

    @app.on_session
    async def caption(session: MentraSession) -> None:
        await Captioning(session).run()

    return app
