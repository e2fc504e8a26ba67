"""One wearer's translator: listens for the chosen languages, draws what it hears, turns round at the button."""

import asyncio

from examples.translator.conversation import Conversation
from mentra_sdk import CloudError, MentraSession, MiniAppServer, Subscription
from mentra_sdk.capabilities.settings import SettingChange
from mentra_sdk.events import ButtonPress, Translation
from mentra_sdk.layouts import ClearView, Layout, ReferenceCard, TextWall

SPOKEN, READ, ORIGINAL, ROWS = "spoken", "read", "original", "lines"
ANY_LANGUAGE, USUAL_LANGUAGE = "auto", "en"
USUAL_ROWS, MOST_ROWS = 4, 8
QUIET_SECONDS = 30.0
TROUBLES = ("SPEECH_", "TRANSLATION_")


class Interpreting:
    """The app for one wearer. `run` ends when the session cancels it."""

    def __init__(self, session: MentraSession) -> None:
        self._session = session
        self._conversation = Conversation(self._rows(), with_original=self._wants_original())
        self._is_turned = False
        self._trouble = ""
        self._is_quiet = False
        self._changed = asyncio.Event()
        self._listening = self._listen()
        for key in (SPOKEN, READ):
            session.settings.on_change(self._on_languages, key=key)
        for key in (ORIGINAL, ROWS):
            session.settings.on_change(self._on_form, key=key)
        session.device.on_capabilities_change(self._on_form)
        session.device.on_button_press(self._on_button_press)
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
                self._conversation.clear()
                self._is_quiet = True

    def _listen(self) -> Subscription:
        spoken, read = self._languages()
        self._session.log.info("translating %s to %s", spoken, read)
        return self._session.translation.from_to(spoken, read, self._on_translation)

    def _on_translation(self, speech: Translation) -> None:
        original = speech.original_text or ""
        self._conversation.hear(speech.utterance_id, speech.text, original, is_final=speech.is_final)
        self._trouble, self._is_quiet = "", False
        self._changed.set()

    def _on_languages(self, _change: SettingChange) -> None:
        self._is_turned = False
        self._begin_anew()

    def _on_button_press(self, press: ButtonPress) -> None:
        """Short: translate the other way round, where both languages are known. Long: a clean page."""
        if press.press_type != "long" and self._chosen_languages()[0] != ANY_LANGUAGE:
            self._is_turned = not self._is_turned
        self._begin_anew()

    def _begin_anew(self) -> None:
        self._listening.cancel()
        self._listening = self._listen()
        self._trouble, self._is_quiet = "", False
        self._conversation.clear()
        self._changed.set()

    def _on_form(self, _change: object) -> None:
        self._conversation.rows = self._rows()
        self._conversation.with_original = self._wants_original()
        self._changed.set()

    def _on_error(self, error: CloudError) -> None:
        """Say on the glasses why nothing is translated; the words themselves tell when it works again."""
        if error.code.startswith(TROUBLES):
            self._trouble, self._is_quiet = error.message, False
            self._changed.set()

    def _current_layout(self) -> Layout:
        lines = self._conversation.lines()
        if lines:
            return TextWall(text="\n".join(lines))
        if self._trouble:
            return ReferenceCard(title="No translation", text=self._trouble)
        spoken, read = self._languages()
        heard = "any language" if spoken == ANY_LANGUAGE else spoken
        return ClearView() if self._is_quiet else TextWall(text=f"Listening… {heard} → {read}")

    def _languages(self) -> tuple[str, str]:
        spoken, read = self._chosen_languages()
        return (read, spoken) if self._is_turned else (spoken, read)

    def _chosen_languages(self) -> tuple[str, str]:
        get = self._session.settings.get
        return str(get(SPOKEN) or ANY_LANGUAGE), str(get(READ) or USUAL_LANGUAGE)

    def _wants_original(self) -> bool:
        return self._session.settings.get(ORIGINAL) is True

    def _rows(self) -> int:
        """Return how many lines the wearer wants, and the glasses have."""
        wanted = self._session.settings.get(ROWS)
        most = self._session.device.max_text_lines
        rows = int(wanted) if isinstance(wanted, int | float) else USUAL_ROWS
        return max(1, min(rows, most if most is not None else MOST_ROWS))


def build_app(
    *, package_name: str, api_key: str, port: int, host: str = "127.0.0.1", webhook_secret: str | None = None
) -> MiniAppServer:
    """Return the app, ready to run."""
    app = MiniAppServer(
        package_name=package_name, api_key=api_key, port=port, host=host, webhook_secret=webhook_secret
    )

    @app.on_session
    async def interpret(session: MentraSession) -> None:
        await Interpreting(session).run()

    return app
