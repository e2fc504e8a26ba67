"""A voice for tests: it says what it is told, as bytes, and counts how often."""

from collections.abc import AsyncGenerator

from sessions_app.speech.engine import EngineReport, EngineState, EngineTrouble, Utterance


class FakeVoice:
    """Reads each word as one piece; `breaks_at` is the piece before which it fails."""

    def __init__(
        self,
        name: str,
        *languages: str,
        version: str = "1",
        breaks_at: int | None = None,
        missing: str = "",
        mute: bool = False,
    ) -> None:
        self.name, self.version = name, version
        self.said: list[Utterance] = []
        self.is_closed = 0
        self._languages = languages
        self._breaks_at, self._missing, self._mute = breaks_at, missing, mute

    async def load(self) -> None:
        """Fail if it is missing."""
        if self._missing:
            raise EngineTrouble("VOICE_FAILED", self._missing)

    def speaks(self, utterance: Utterance) -> bool:
        """Whether the language is one of its own."""
        return utterance.language in self._languages

    async def speak(self, utterance: Utterance) -> AsyncGenerator[bytes, None]:
        """Yield the words."""
        self.said.append(utterance)
        try:
            for number, word in enumerate([] if self._mute else utterance.text.split()):
                if number == self._breaks_at:
                    raise EngineTrouble("VOICE_FAILED", f"{self.name} broke")
                yield f"<{self.name} {word}>".encode()
        finally:
            self.is_closed += 1

    def report(self) -> EngineReport:
        """Return how it is."""
        state = EngineState.MISSING if self._missing else EngineState.READY
        return EngineReport(self.name, state, self._missing, self._languages)

    async def close(self) -> None:
        """Nothing is held."""
