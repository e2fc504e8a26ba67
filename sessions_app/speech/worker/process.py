"""A speech worker from start to end: its parts, the address it listens on, and how it leaves."""

import asyncio
import logging
import signal
import socket
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from sessions_app.speech.engine import EngineState
from sessions_app.speech.engines.choice import Choice
from sessions_app.speech.rules import WorkerFacts
from sessions_app.speech.translation.choice import make_translations
from sessions_app.speech.voices.choice import make_voices
from sessions_app.speech.wire import SAMPLE_RATE
from sessions_app.speech.worker.channel import ChannelLimits, Shop
from sessions_app.speech.worker.cutting import Limits
from sessions_app.speech.worker.detecting import make_detector
from sessions_app.speech.worker.engine_set import Engines
from sessions_app.speech.worker.facts import About, gather_facts
from sessions_app.speech.worker.lateness import watch_lateness
from sessions_app.speech.worker.line import NodeLine
from sessions_app.speech.worker.listening import Listening
from sessions_app.speech.worker.load import Load
from sessions_app.speech.worker.register import Registration
from sessions_app.speech.worker.sessions import Sessions
from sessions_app.speech.worker.speaking import Speaking
from sessions_app.speech.worker.track import TrackLimits

logger = logging.getLogger(__name__)

DRAIN_SECONDS = 3.5
TRANSLATORS_SECONDS = 3.0
LAST_BYTES_SECONDS = 0.3
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@dataclass(frozen=True)
class Address:
    """Where the worker listens (port 0: any), and the host that nodes are told."""

    host: str
    port: int
    told_host: str = ""

    def told(self, port: int) -> str:
        everywhere = self.host in ("", "0.0.0.0", "::")  # noqa: S104 - compared only
        host = self.told_host or (socket.gethostname() if everywhere else self.host)
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


async def run_worker(worker_id: str, address: Address) -> None:
    """Serve until SIGTERM or SIGINT, then drain and return; raises OSError when it cannot listen."""
    stop = asyncio.Event()
    for number in STOP_SIGNALS:
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    worker = SpeechWorker(worker_id)
    await worker.start(address)
    try:
        await worker.serve_until(stop)
    finally:
        await worker.stop()


class SpeechWorker:
    """All parts of one worker, put together as the settings say."""

    def __init__(self, worker_id: str) -> None:
        self._worker_id = worker_id
        self._engines = Engines(Choice.read(settings.SPEECH_ENGINES))
        self._translations = make_translations(_names(settings.SPEECH_TRANSLATORS))
        folder = Path(settings.SPEECH_CACHE_DIR or Path(settings.MENTRA_DATA_DIR) / "speech-cache")
        self._voices = make_voices(_names(settings.SPEECH_VOICES), folder, settings.SPEECH_CACHE_MEGABYTES)
        load = Load(settings.SPEECH_THREADS, settings.SPEECH_LATE_SECONDS)
        self._listening = Listening()
        shop = Shop(self._engines, self._translations, load, _limits(), self._listening.wake)
        detector = make_detector(settings.SPEECH_VAD)
        self._sessions = Sessions(shop, detector, self._listening, settings.SPEECH_MOST_CHANNELS)
        self._speaking = Speaking(self._voices, settings.SPEECH_MOST_SPEAKING)
        self._about = About(
            self._engines, self._translations, self._voices, self._sessions, self._speaking, load
        )
        self._lines: set[NodeLine] = set()
        self._server: asyncio.Server | None = None
        self._registration: Registration | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self.address = ""

    async def start(self, address: Address) -> None:
        """Listen, begin to load the engines, and show the worker; nodes may come before an engine is ready."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._new_line, address.host, address.port)
        self.address = address.told(self._server.sockets[0].getsockname()[1])
        self._engines.start()
        translators = asyncio.create_task(self._translations.load(), name="translators")
        # Whoever came before would be told that nobody translates their pair.
        await asyncio.wait({translators}, timeout=TRANSLATORS_SECONDS)
        self._registration = Registration(self._worker_id, self.facts)
        await self._registration.renew()
        self._tasks = [
            asyncio.create_task(work, name=name)
            for name, work in {
                "listen": self._listening.run(),
                "sessions": self._sessions.run(),
                "register": self._registration.run(),
                "lateness": watch_lateness(),
                "translators and voices": self._load_rest(translators),
            }.items()
        ]
        logger.info("The speech worker %s listens on %s.", self._worker_id, self.address)

    async def serve_until(self, stop: asyncio.Event) -> None:
        """Return when asked to stop; raise what a part of the worker died of."""
        stopping = asyncio.create_task(stop.wait())
        running = [task for task in self._tasks if task.get_name() != "translators and voices"]
        await asyncio.wait({stopping, *running}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        for task in running:
            if task.done():
                task.result()

    def facts(self) -> WorkerFacts:
        """Return what the register shows."""
        return gather_facts(self._worker_id, self.address, self._about)

    async def stop(self) -> None:
        """Take nothing new, let sessions go to other workers, send what waits, and let go of everything."""
        self._sessions.is_draining = True
        if self._server is not None:
            self._server.close()
        if self._registration is not None:
            await self._registration.renew()
        logger.info("The speech worker %s drains %d sessions.", self._worker_id, self._sessions.count)
        await asyncio.gather(self._sessions.drain(DRAIN_SECONDS), self._speaking.drain(DRAIN_SECONDS))
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._registration is not None:
            await self._registration.leave()
        await self._close_lines()
        await asyncio.gather(
            self._engines.close(), self._translations.close(), self._voices.close(), return_exceptions=True
        )

    def _new_line(self) -> NodeLine:
        line = NodeLine(self._worker_id, self._sessions, self._speaking, self._lines.discard)
        self._lines.add(line)
        return line

    async def _close_lines(self) -> None:
        """Give nodes a moment to read the last words."""
        ends = [asyncio.create_task(line.ended.wait()) for line in self._lines]
        for line in list(self._lines):
            line.close()
        if ends:
            _, unread = await asyncio.wait(ends, timeout=LAST_BYTES_SECONDS)
            for end in unread:
                end.cancel()

    async def _load_rest(self, translators: asyncio.Task[None]) -> None:
        await asyncio.gather(translators, self._voices.load(), return_exceptions=True)
        for report in (*self._translations.reports(), *self._voices.reports()):
            if report.state is not EngineState.READY and report.detail:
                logger.info("%s: %s", report.name, report.detail)


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _limits() -> ChannelLimits:
    waiting = settings.SPEECH_MOST_WAITING_SECONDS
    return ChannelLimits(
        cutting=Limits(
            settings.SPEECH_SILENCE_SECONDS,
            settings.SPEECH_UTTERANCE_SECONDS,
            settings.SPEECH_LEAST_SPEECH_SECONDS,
        ),
        track=TrackLimits(settings.SPEECH_FINAL_SECONDS, int(waiting * SAMPLE_RATE)),
        missing_seconds=settings.SPEECH_MISSING_SECONDS,
        most_waiting_seconds=waiting,
    )
