"""One wearer's photos: takes one at the button or a word, describes it, shows that and reads it aloud."""

import asyncio
import re

from examples.photo_describer.describing import Describer, DescriptionFailed
from examples.photo_describer.measured import MeasuringDescriber
from mentra_sdk import MentraSession, MiniAppServer, Subscription
from mentra_sdk.captions import COLUMNS
from mentra_sdk.errors import MentraError, RequestFailed
from mentra_sdk.events import ButtonPress, Transcription
from mentra_sdk.layouts import ReferenceCard, TextWall
from mentra_sdk.text import wrap

ALOUD, BY_VOICE = "aloud", "by_voice"
USUAL_ROWS = 5
SECONDS_A_PAGE = 6.0
HINT = 'Press the button or say "describe"'
WANTED = re.compile(r"\b(describe|what (is|do i|can you) (this|that|see))\b", re.IGNORECASE)


class Seeing:
    """The app for one wearer. `run` ends when the session cancels it."""

    def __init__(self, session: MentraSession, describer: Describer) -> None:
        self._session = session
        self._describer = describer
        self._wanted = asyncio.Event()
        self._heard: str | None = None
        self._listening: Subscription | None = None
        self._listen_if_wanted()
        session.settings.on_change(lambda _change: self._listen_if_wanted(), key=BY_VOICE)
        session.device.on_button_press(self._on_button_press)

    async def run(self) -> None:
        """Describe one photo after the other; who asks in the meantime gets the next."""
        self._session.display.keep(TextWall(text=HINT))
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            try:
                await self._present(await self._look())
            except RequestFailed as problem:
                self._session.display.keep(
                    ReferenceCard(title="No photo", text=problem.message or problem.code)
                )
            except (DescriptionFailed, MentraError) as problem:
                self._session.display.keep(ReferenceCard(title="No description", text=str(problem)))

    async def _look(self) -> str:
        self._session.display.keep(TextWall(text="Looking…"))
        photo = await self._session.camera.take_photo(size="medium", compression="medium")
        picture = await photo.read()
        self._session.log.info("describing a photo of %d bytes", len(picture))
        self._session.display.keep(TextWall(text="Thinking…"))
        return await self._describer.describe(picture)

    async def _present(self, description: str) -> None:
        """Show the description, page by page where it is long, until a new one is wanted."""
        if self._session.settings.get(ALOUD) is True:
            await self._session.speaker.speak(description)
        lines, rows = wrap(description, COLUMNS), self._rows()
        pages = [lines[first : first + rows] for first in range(0, len(lines), rows)]
        for number, page in enumerate(pages, start=1):
            self._session.display.keep(TextWall(text="\n".join(page)))
            if number < len(pages) and await self._is_wanted_within(SECONDS_A_PAGE):
                return

    async def _is_wanted_within(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self._wanted.wait()
        except TimeoutError:
            return False
        return True

    def _on_button_press(self, press: ButtonPress) -> None:
        self._wanted.set()

    def _on_speech(self, speech: Transcription) -> None:
        """Look once for each utterance that asks for it, however many results it has."""
        if not WANTED.search(speech.text):
            return
        is_new = speech.utterance_id is None or speech.utterance_id != self._heard
        self._heard = speech.utterance_id
        if is_new and (speech.is_final or speech.utterance_id is not None):
            self._wanted.set()

    def _listen_if_wanted(self) -> None:
        """Keep the microphone off for those who only press the button."""
        wants = self._session.settings.get(BY_VOICE) is not False
        if wants and self._listening is None:
            self._listening = self._session.transcription.on(self._on_speech)
        elif not wants and self._listening is not None:
            self._listening.cancel()
            self._listening = None

    def _rows(self) -> int:
        most = self._session.device.max_text_lines
        return max(1, min(USUAL_ROWS, most)) if most is not None else USUAL_ROWS


def build_app(
    *,
    package_name: str,
    api_key: str,
    port: int,
    host: str = "127.0.0.1",
    webhook_secret: str | None = None,
    describer: Describer | None = None,
) -> MiniAppServer:
    """Return the app, ready to run. `describer` makes words of photos; they are measured without one."""
    chosen = describer or MeasuringDescriber()
    app = MiniAppServer(
        package_name=package_name, api_key=api_key, port=port, host=host, webhook_secret=webhook_secret
    )

    @app.on_session
    async def see(session: MentraSession) -> None:
        await Seeing(session, chosen).run()

    return app
