"""What waits for a peer that does not read: sound loses its oldest frames, texts are kept up to a bound.

Pure: knows ASGI events, but neither sockets nor tasks.
"""

from collections import deque
from typing import Any

Frame = dict[str, Any]

MOST_AUDIO_BYTES = 64_000  # 2 s of PCM16 at 16 kHz
MOST_AUDIO_FRAMES = 1_000
MOST_TEXT_BYTES = 1024 * 1024
MOST_TEXT_FRAMES = 1_000


class Backlog:
    """Frames in the order they are to be sent. `text_bytes` counts characters, which are bytes for plain JSON."""

    __slots__ = ("_audio_frames", "_latest", "_queue", "_text_frames", "audio_bytes", "text_bytes")

    def __init__(self) -> None:
        self._queue: deque[Frame] = deque()
        self._latest: dict[str, Frame] = {}
        self._audio_frames = self._text_frames = 0
        self.audio_bytes = self.text_bytes = 0

    def __bool__(self) -> bool:
        return bool(self._queue)

    @property
    def is_too_long(self) -> bool:
        """Whether more texts wait than a peer may let pile up. One alone may be of any size."""
        return self._text_frames > MOST_TEXT_FRAMES or (
            self.text_bytes > MOST_TEXT_BYTES and self._text_frames > 1
        )

    def add_text(self, text: str, replaces: str = "") -> None:
        """Add a text. With a name in `replaces`, it takes the place of the text of that name that still waits."""
        older = self._latest.get(replaces)
        if older is not None:
            self.text_bytes += len(text) - len(older["text"])
            older["text"] = text
            return
        frame = {"type": "websocket.send", "text": text}
        if replaces:
            self._latest[replaces] = frame
        self._queue.append(frame)
        self._text_frames += 1
        self.text_bytes += len(text)

    def add_sound(self, data: bytes) -> int:
        """Add a frame of sound; return how many of the oldest had to go for it."""
        self._queue.append({"type": "websocket.send", "bytes": data})
        self._audio_frames += 1
        self.audio_bytes += len(data)
        dropped = 0
        while self.audio_bytes > MOST_AUDIO_BYTES or self._audio_frames > MOST_AUDIO_FRAMES:
            self._drop_oldest_sound()
            dropped += 1
        return dropped

    def add_last(self, frame: Frame) -> None:
        """Add the event that ends the connection."""
        self._queue.append(frame)

    def next(self) -> Frame:
        """Take the oldest frame out; there must be one."""
        frame = self._queue.popleft()
        self._forget(frame)
        if self._latest:
            self._latest = {name: each for name, each in self._latest.items() if each is not frame}
        return frame

    def clear(self) -> None:
        """Drop everything."""
        self._queue.clear()
        self._latest.clear()
        self._audio_frames = self._text_frames = 0
        self.audio_bytes = self.text_bytes = 0

    def _drop_oldest_sound(self) -> None:
        for index, frame in enumerate(self._queue):
            if "bytes" in frame:
                del self._queue[index]
                self._forget(frame)
                return

    def _forget(self, frame: Frame) -> None:
        if "bytes" in frame:
            self._audio_frames -= 1
            self.audio_bytes -= len(frame["bytes"])
        elif "text" in frame:
            self._text_frames -= 1
            self.text_bytes -= len(frame["text"])
