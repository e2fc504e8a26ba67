"""A hearer that keeps what recognisers tell it, and recognisers that are spoken to."""

import asyncio
from dataclasses import dataclass, field

from sessions_app.speech.engine import EngineTrouble, Heard, Recognizer
from tests.support.speech_sound import frames_of


@dataclass(frozen=True)
class Told:
    """One result; `target` is "" for the words themselves."""

    utterance: str
    heard: Heard
    target: str = ""


@dataclass
class Hearing:
    """Everything that was told, in order."""

    told: list[Told] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def heard(self, utterance: str, heard: Heard) -> None:
        self.told.append(Told(utterance, heard))
        self._news.set()

    def translated(self, utterance: str, target: str, heard: Heard) -> None:
        self.told.append(Told(utterance, heard, target))
        self._news.set()

    def failed(self, trouble: EngineTrouble) -> None:
        self.troubles.append(trouble.code)
        self._news.set()

    def recovered(self) -> None:
        self.troubles.append("over")
        self._news.set()

    def finals(self, target: str = "") -> list[Told]:
        return [told for told in self.told if told.heard.is_final and told.target == target]

    def interims(self, target: str = "") -> list[Told]:
        return [told for told in self.told if not told.heard.is_final and told.target == target]

    async def until_finals(self, count: int, target: str = "", seconds: float = 60) -> list[Told]:
        """Return the final results as soon as there are as many."""
        async with asyncio.timeout(seconds):
            while len(self.finals(target)) < count:
                await self.until_news()
        return self.finals(target)

    async def until_interims(self, count: int, seconds: float = 60) -> list[Told]:
        """Return the interim results as soon as there are as many."""
        async with asyncio.timeout(seconds):
            while len(self.interims()) < count:
                await self.until_news()
        return self.interims()

    async def until_news(self) -> None:
        self._news.clear()
        await self._news.wait()


def say(recognizer: Recognizer, utterance: str, sound: bytes) -> None:
    """Give a recogniser a whole utterance at once, in frames of 20 ms."""
    recognizer.begin(utterance)
    for frame in frames_of(sound):
        recognizer.feed(frame)
    recognizer.end()
