"""Providers of speech recognition on this machine: the documented messages, every step under a test's control."""

import asyncio
import json
from http import HTTPStatus
from typing import Any, Self

from websockets.asyncio.server import ServerConnection
from websockets.http11 import Request, Response

from sessions_app.speech.engine import EngineTrouble, Heard
from sessions_app.speech.engines.hosted_dialect import BYTES_A_SECOND, Limits
from tests.support.inbox import PATIENCE_SECONDS
from tests.support.socket_server import Message, S, ServerSocket, SocketServer

KEY = "k3y-nobody-may-read"
# Nothing here waits for long: what takes seconds with a provider takes hundredths of them in a test.
QUICK = Limits(
    connect=0.5,
    final=3.0,
    idle=5.0,
    quiet=0.05,
    hang_up=0.3,
    retry=0.01,
    longest_retry=0.04,
    busy=0.1,
    longest_busy=0.1,
    refused=30.0,
)


def sound(seconds: float, value: int = 1) -> bytes:
    """Return that much sound, recognisable by its value."""
    return bytes([value]) * int(seconds * BYTES_A_SECOND)


class ProviderSocket(ServerSocket):
    """The provider's end of a connection: collects sound until a message comes that is waited for."""

    def __init__(self, connection: ServerConnection) -> None:
        super().__init__(connection)
        self.sound = bytearray()
        self.controls: list[str] = []

    async def until(self, kind: str) -> None:
        """Take sound and messages until one of type `kind`; "" is the empty message."""
        while True:
            frame = await self.next_frame()
            if isinstance(frame, bytes):
                self.sound += frame
                continue
            said = json.loads(frame)["type"] if frame else ""
            self.controls.append(said)
            if said == kind:
                return

    async def until_sound(self, seconds: float) -> None:
        """Take frames until there is that much sound."""
        while len(self.sound) < seconds * BYTES_A_SECOND:
            frame = await self.next_frame()
            if isinstance(frame, bytes):
                self.sound += frame

    async def say(self, message: Message) -> None:
        await self.connection.send(json.dumps(message))


class DeepgramSocket(ProviderSocket):
    """Deepgram's messages of `/v1/listen`."""

    async def results(
        self,
        text: str,
        start: float,
        duration: float,
        *,
        is_final: bool = False,
        from_finalize: bool = False,
        language: str = "",
        speaker: int | None = None,
        confidence: float = 0.98,
    ) -> None:
        """Send what was heard in a stretch of the sound."""
        words = [
            {
                "word": word.lower().strip(".?"),
                "start": start,
                "end": start + duration,
                "confidence": confidence,
                "punctuated_word": word,
                **({"language": language} if language else {}),
                **({"speaker": speaker} if speaker is not None else {}),
            }
            for word in text.split()
        ]
        alternative: Message = {"transcript": text, "confidence": confidence if text else 0.0, "words": words}
        if language:
            alternative["languages"] = [language]
        await self.say(
            {
                "type": "Results",
                "channel_index": [0, 1],
                "duration": duration,
                "start": start,
                "is_final": is_final,
                "speech_final": is_final,
                "from_finalize": from_finalize,
                "channel": {"alternatives": [alternative]},
                "metadata": {
                    "request_id": "7ac8c1f0-5d2b-4b5f-9c1e-0a6d0a1b2c3d",
                    "model_info": {"name": "general-nova-3", "version": "2026-08-04.0", "arch": "nova-3"},
                    "model_uuid": "40bd3654-e622-47c4-a111-63a61b23bfe8",
                },
            }
        )

    async def metadata(self) -> None:
        """Send the summary that ends a stream."""
        await self.say(
            {
                "type": "Metadata",
                "transaction_key": "deprecated",
                "request_id": "8c8ebea9-dbec-45fa-a035-e4632cb05b5f",
                "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                "created": "2026-08-29T22:37:55.202Z",
                "duration": 0.0,
                "channels": 0,
            }
        )


class SonioxSocket(ProviderSocket):
    """Soniox's messages of `transcribe-websocket`."""

    async def start(self) -> Message:
        """Return the start request."""
        frame = await self.next_frame()
        assert isinstance(frame, str)
        request: Message = json.loads(frame)
        return request

    async def tokens(self, *tokens: Message, final_ms: float = 0, total_ms: float = 0) -> None:
        await self.say(
            {"tokens": list(tokens), "final_audio_proc_ms": final_ms, "total_audio_proc_ms": total_ms}
        )

    async def error(self, code: int, message: str) -> None:
        """Send an error and close, as the API does."""
        await self.say({"tokens": [], "error_code": code, "error_message": message})
        await self.close()


FIN = {"text": "<fin>", "is_final": True}


def token(text: str, *, is_final: bool = True, **fields: Any) -> Message:
    """Return a token; a translated one has no times and no confidence."""
    spoken = {"start_ms": 0, "end_ms": 100, "confidence": 0.9}
    times = {} if fields.get("translation_status") == "translation" else spoken
    return {"text": text, "is_final": is_final, **times, **fields}


class Door:
    """Decides over handshakes: which statuses they get before one is let in, and whether they wait."""

    def __init__(self) -> None:
        self.refuses_with: list[int] = []
        self.open = asyncio.Event()
        self.open.set()
        self.knocks = 0
        self._changed = asyncio.Condition()

    async def admit(self, connection: ServerConnection, _: Request) -> Response | None:
        self.knocks += 1
        async with self._changed:
            self._changed.notify_all()
        if self.refuses_with:
            status = HTTPStatus(self.refuses_with.pop(0))
            return connection.respond(status, f"{status.phrase}\n")
        await self.open.wait()
        return None

    async def knocked(self, times: int) -> None:
        """Wait until somebody came that often."""
        async with asyncio.timeout(PATIENCE_SECONDS), self._changed:
            await self._changed.wait_for(lambda: self.knocks >= times)


class ProviderServer(SocketServer[S]):
    """A provider with a door."""

    def __init__(self, kind: type[S]) -> None:
        self.door = Door()
        super().__init__(kind, self.door.admit)

    async def __aenter__(self) -> Self:
        return await super().__aenter__()


class Listener:
    """Takes what a recogniser makes of its utterances."""

    def __init__(self) -> None:
        self.events: list[tuple[Any, ...]] = []
        self._changed = asyncio.Condition()
        self._tasks: set[asyncio.Task[None]] = set()

    def heard(self, utterance: str, heard: Heard) -> None:
        self._note("heard", utterance, heard)

    def translated(self, utterance: str, target: str, heard: Heard) -> None:
        self._note("translated", utterance, target, heard)

    def failed(self, trouble: EngineTrouble) -> None:
        self._note("failed", trouble)

    def recovered(self) -> None:
        self._note("recovered")

    def texts(self) -> list[tuple[str, str, bool]]:
        """Return utterance, words and whether they are final, of everything heard."""
        return [(event[1], event[2].text, event[2].is_final) for event in self.events if event[0] == "heard"]

    async def final(self, utterance: str) -> Heard:
        """Wait for the final words of an utterance."""
        heard: Heard = await self._find(
            lambda event: event[0] == "heard" and event[1] == utterance and event[2].is_final, 2
        )
        return heard

    async def interim(self, text: str) -> Heard:
        """Wait for interim words."""
        heard: Heard = await self._find(
            lambda event: event[0] == "heard" and event[2].text == text and not event[2].is_final, 2
        )
        return heard

    async def translation(self, utterance: str, target: str) -> Heard:
        """Wait for the final translation of an utterance."""
        heard: Heard = await self._find(
            lambda event: event[:3] == ("translated", utterance, target) and event[3].is_final, 3
        )
        return heard

    async def trouble(self) -> EngineTrouble:
        """Wait until the recogniser says that it does not work."""
        trouble: EngineTrouble = await self._find(lambda event: event[0] == "failed", 1)
        return trouble

    async def relief(self) -> None:
        """Wait until it says that it works again."""
        await self._find(lambda event: event[0] == "recovered", 0)

    def count(self, kind: str) -> int:
        return sum(event[0] == kind for event in self.events)

    async def _find(self, is_wanted: Any, field: int) -> Any:
        async with asyncio.timeout(PATIENCE_SECONDS), self._changed:
            await self._changed.wait_for(lambda: any(map(is_wanted, self.events)))
        return next(event for event in self.events if is_wanted(event))[field]

    def _note(self, *event: Any) -> None:
        self.events.append(event)
        task = asyncio.create_task(self._tell())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()
