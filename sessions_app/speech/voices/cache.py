"""Speech that was made before, as files named by what was read; the least recently used go when there are too many.

Several workers may share a folder: a file is there whole or not at all. Must not know voices.
"""

import asyncio
import contextlib
import hashlib
import json
import logging
import os
import secrets
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Final

from sessions_app.speech.engine import Utterance, VoiceEngine

PIECE_BYTES: Final = 16 * 1024
_UNFINISHED: Final = ".part"
_UNFINISHED_SECONDS: Final = 3_600.0
logger = logging.getLogger(__name__)


def key_of(voice: VoiceEngine, utterance: Utterance) -> str:
    """Return what names the sound of a text: it is the same exactly if it would sound the same."""
    said = json.dumps([voice.name, voice.version, asdict(utterance)], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


class SpeechCache:
    """A folder of MP3 files; of size 0 it keeps nothing. Whatever fails on the disk is as if nothing were kept."""

    def __init__(self, folder: Path, most_bytes: int) -> None:
        self._folder = folder
        self._most_bytes = most_bytes

    async def find(self, key: str) -> Iterator[bytes] | None:
        """Return the pieces of a sound that is kept."""
        if not self._most_bytes:
            return None
        sound = await asyncio.to_thread(self._open, key)
        return None if sound is None else iter(sound)

    @contextlib.asynccontextmanager
    async def keep(self, key: str) -> AsyncIterator[list[bytes]]:
        """Keep the pieces that are put into the list, unless an error or a listener who leaves ends it early."""
        pieces: list[bytes] = []
        yield pieces
        if pieces and self._most_bytes:
            await asyncio.to_thread(self._store, key, pieces)

    def _open(self, key: str) -> list[bytes] | None:
        path = self._folder / f"{key}.mp3"
        try:
            sound = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        return [sound[begin : begin + PIECE_BYTES] for begin in range(0, len(sound), PIECE_BYTES)] or None

    def _store(self, key: str, pieces: list[bytes]) -> None:
        unfinished = self._folder / f"{key}.{secrets.token_hex(4)}{_UNFINISHED}"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.writelines(pieces)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(self._folder / f"{key}.mp3")
            self._forget_oldest()
        except OSError as problem:
            logger.warning("Speech cannot be kept in %s: %s", self._folder, problem)
            with contextlib.suppress(OSError):
                unfinished.unlink(missing_ok=True)

    def _forget_oldest(self) -> None:
        known: list[tuple[float, int, str]] = []
        for entry in os.scandir(self._folder):
            with contextlib.suppress(FileNotFoundError):
                facts = entry.stat()
                known.append((facts.st_mtime, facts.st_size, entry.name))
        room = self._most_bytes
        for used_at, size, name in sorted(known, reverse=True):
            room -= size
            is_left_over = name.endswith(_UNFINISHED) and used_at < time.time() - _UNFINISHED_SECONDS
            if is_left_over or (room < 0 and not name.endswith(_UNFINISHED)):
                (self._folder / name).unlink(missing_ok=True)
