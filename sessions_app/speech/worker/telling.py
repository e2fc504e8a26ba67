"""What a channel says to the node that owns its session; final words are kept until the node has them."""

from collections import deque
from typing import Protocol

import msgspec

from sessions_app.speech import wire
from sessions_app.speech.engine import EngineTrouble, Heard
from sessions_app.speech.translation.routes import Translated
from sessions_app.speech.worker.passage import Passage

MOST_KEPT_WORDS = 200

_FinalWords = wire.Words | wire.TranslatedWords


class Line(Protocol):
    """A connection to a node."""

    def send(self, message: wire.Control) -> None:
        """Send a message; returns at once."""


class Telling:
    """Speaks to the line it was given last; without one only the final words are kept."""

    def __init__(self) -> None:
        self.line: Line | None = None
        self.channel = 0
        self.wants_voice = False
        self._kept: deque[_FinalWords] = deque(maxlen=MOST_KEPT_WORDS)
        self._last_number = 0

    def attach(self, line: Line, channel: int, position: int, heard: int) -> None:
        """Speak to this line from now on, which has the final words up to `heard`."""
        self.line, self.channel = line, channel
        self._last_number = max(self._last_number, heard)
        self.forget_words(heard)
        self._tell(wire.ChannelOpened(channel, position))
        for words in self._kept:
            self._tell(msgspec.structs.replace(words, channel=channel))

    def forget_words(self, number: int) -> None:
        """The node has the final words up to this number."""
        while self._kept and self._kept[0].number <= number:
            self._kept.popleft()

    def words(self, setting: str, provider: str, passage: Passage, heard: Heard) -> None:
        self._tell_words(
            wire.Words(
                channel=self.channel,
                setting=setting,
                utterance=passage.name,
                text=heard.text,
                is_final=heard.is_final,
                start=passage.start_ms,
                end=passage.end_ms,
                language=heard.language,
                provider=provider,
                number=self._next_number(heard.is_final),
                confidence=heard.confidence,
                speaker=heard.speaker,
            )
        )

    def translated(
        self, setting: str, target: str, passage: Passage, heard: Heard, translated: Translated
    ) -> None:
        self._tell_words(
            wire.TranslatedWords(
                channel=self.channel,
                setting=setting,
                target=target,
                utterance=passage.name,
                text=translated.text,
                original=heard.text,
                is_final=heard.is_final,
                start=passage.start_ms,
                end=passage.end_ms,
                language=heard.language,
                provider=translated.provider,
                did_translate=translated.did_translate,
                number=self._next_number(heard.is_final),
                confidence=heard.confidence,
                speaker=heard.speaker,
            )
        )

    def voice(self, is_speaking: bool, position: int) -> None:
        if self.wants_voice:
            self._tell(wire.Voice(self.channel, is_speaking, position))

    def settled(self, position: int, utterance: str) -> None:
        self._tell(wire.Settled(self.channel, position, utterance))

    def dropped(self, samples: int) -> None:
        self._tell(wire.SoundDropped(self.channel, samples))

    def trouble(self, setting: str, target: str, trouble: EngineTrouble) -> None:
        self._tell(wire.Trouble(self.channel, setting, trouble.code, str(trouble), target))

    def trouble_over(self, setting: str, target: str) -> None:
        self._tell(wire.TroubleOver(self.channel, setting, target))

    def lost(self, code: str) -> None:
        """Say that the channel is no longer the node's, and speak to it no more."""
        self._tell(wire.ChannelLost(self.channel, code))
        self.line = None

    def _tell_words(self, words: _FinalWords) -> None:
        if words.is_final:
            self._kept.append(words)
        self._tell(words)

    def _next_number(self, is_final: bool) -> int:
        if not is_final:
            return 0
        self._last_number += 1
        return self._last_number

    def _tell(self, message: wire.Control) -> None:
        if self.line is not None:
            self.line.send(message)
