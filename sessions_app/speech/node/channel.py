"""One session on the line of one worker: from the question whether it takes the session to the end. No decisions."""

from collections.abc import Iterable

from sessions_app.clock import Timer
from sessions_app.speech.node.line import LineUser, WorkerLine
from sessions_app.speech.wire import (
    CloseChannel,
    ConfigureChannel,
    Control,
    GotWords,
    OpenChannel,
    PhoneVoice,
    RecognizerWish,
)


class Channel:
    """Sends what a session has for its worker. `deadline` runs until the worker has answered."""

    def __init__(self, line: WorkerLine, user: LineUser) -> None:
        self.worker_id = line.worker_id
        self.is_open = False
        self.deadline: Timer | None = None
        self._line = line
        self._number = line.add_channel(user)
        self._wanted: tuple[tuple[RecognizerWish, ...], bool] = ((), False)

    def ask(
        self,
        session_id: str,
        generation: int,
        *,
        position: int,
        wishes: tuple[RecognizerWish, ...],
        wants_voice: bool,
        utterance: str,
        heard: int,
    ) -> None:
        """Ask the worker to take the session."""
        self._wanted = (wishes, wants_voice)
        self.send(
            OpenChannel(self._number, session_id, generation, position, wishes, wants_voice, utterance, heard)
        )

    def opened(self, kept: Iterable[tuple[int, bytes]], phone_voice: bool | None) -> None:
        """The worker has the session: send what it has not heard yet."""
        self.is_open = True
        self._stop_waiting()
        for position, samples in kept:
            self.sound(position, samples)
        if phone_voice is not None:
            self.phone_voice(phone_voice)

    def configure(self, wishes: tuple[RecognizerWish, ...], wants_voice: bool) -> None:
        """Say what is wanted now, if the worker knows otherwise; one that has not answered yet hears it then."""
        if self.is_open and self._wanted != (wishes, wants_voice):
            self._wanted = (wishes, wants_voice)
            self.send(ConfigureChannel(self._number, wishes, wants_voice))

    def sound(self, position: int, samples: bytes) -> None:
        """Send a piece of sound."""
        self._line.send_sound(self._number, position, samples)

    def phone_voice(self, is_speaking: bool) -> None:
        """Send what the phone says."""
        if self.is_open:
            self.send(PhoneVoice(self._number, is_speaking))

    def send(self, message: Control) -> None:
        """Send a control message."""
        self._line.send(message)

    def got_words(self, number: int) -> None:
        """Say that the apps have final words up to this number."""
        self.send(GotWords(self._number, number))

    def close(self, keep_seconds: float) -> None:
        """End the channel; the worker keeps the session that long."""
        self.send(CloseChannel(self._number, keep_seconds))
        self.drop()

    def drop(self) -> None:
        """Hear no more of a channel that the worker does not have."""
        self._stop_waiting()
        self._line.drop_channel(self._number)

    def _stop_waiting(self) -> None:
        if self.deadline is not None:
            self.deadline.cancel()
            self.deadline = None
