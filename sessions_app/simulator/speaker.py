"""The speaker of the simulated glasses: fetches what it is to play as it comes, and keeps it (media §2, §4)."""

import asyncio
import ssl
from dataclasses import dataclass, field

import aiohttp

from sessions_app.protocol.cloud_to_glasses import AudioPlayRequest

CONNECT_SECONDS = 10
# A stream that is silent for longer has been given up by the cloud.
SILENCE_SECONDS = 75
MOST_KEPT_BYTES = 8 * 1024 * 1024
STOPPED = "The sound was stopped"


@dataclass(slots=True, eq=False)
class Playing:
    """Sound that was to be played: what came of it so far, and why it ended if it did not end well."""

    request: AudioPlayRequest
    data: bytearray = field(default_factory=bytearray)
    error: str | None = None
    is_over: bool = False
    task: asyncio.Task[None] | None = None


class Speaker:
    """Plays any number of tracks, one sound on each."""

    def __init__(self) -> None:
        self.played: list[Playing] = []

    async def play(self, request: AudioPlayRequest, trusts: ssl.SSLContext | None = None) -> Playing:
        """Fetch a sound to its end, or until it is stopped; `trusts` as for Hardware."""
        self.stop(None if request.stop_other_audio else request.track_id or 0)
        sound = Playing(request)
        self.played.append(sound)
        sound.task = asyncio.create_task(_fetch(sound, trusts))
        try:
            await asyncio.wait((sound.task,))
        finally:
            sound.task.cancel()
            sound.is_over = True
        return sound

    def stop(self, track_id: float | None = None) -> None:
        """Stop a track, or all of them."""
        for sound in self.played:
            on_track = track_id is None or (sound.request.track_id or 0) == track_id
            if on_track and not sound.is_over and sound.task is not None:
                sound.error = STOPPED
                sound.task.cancel()


async def _fetch(sound: Playing, trusts: ssl.SSLContext | None) -> None:
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS, sock_read=SILENCE_SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as http,
            http.get(sound.request.audio_url, ssl=trusts or True) as response,
        ):
            if not response.ok:
                sound.error = f"The sound was answered {response.status}"
                return
            async for piece in response.content.iter_any():
                sound.data += piece
                del sound.data[:-MOST_KEPT_BYTES]
    except (aiohttp.ClientError, TimeoutError) as problem:
        sound.error = str(problem) or "The sound took too long"
