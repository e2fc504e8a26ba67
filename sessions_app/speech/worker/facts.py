"""What a worker tells about itself, gathered from its parts."""

import os
import socket
import time
from dataclasses import dataclass, field

import psutil
from django.conf import settings

from sessions_app.speech.engine import EngineReport
from sessions_app.speech.rules import EngineFacts, WorkerFacts
from sessions_app.speech.translation.routes import Translations
from sessions_app.speech.voices.reading import Voices
from sessions_app.speech.worker.engine_set import Engines
from sessions_app.speech.worker.load import Load
from sessions_app.speech.worker.sessions import Sessions
from sessions_app.speech.worker.speaking import Speaking


@dataclass(frozen=True)
class Gatherer:
    """Makes the register's entry anew each time it is asked."""

    worker_id: str
    address: str
    engines: Engines
    translations: Translations
    voices: Voices
    sessions: Sessions
    speaking: Speaking
    load: Load
    started_at: float = field(default_factory=time.time)
    process: psutil.Process = field(default_factory=psutil.Process)

    def facts(self) -> WorkerFacts:
        return WorkerFacts(
            worker_id=self.worker_id,
            address=self.address,
            at=time.time(),
            languages=self.engines.languages(),
            pairs=tuple(sorted(self.translations.pairs(self.engines.spoken_targets()))),
            voices=self.voices.names(),
            engines=(
                *_facts("speech", self.engines.reports()),
                *_facts("translation", self.translations.reports()),
                *_facts("voice", self.voices.reports()),
            ),
            channels=self.sessions.count,
            speaking=self.speaking.count,
            most_channels=self.sessions.most_channels,
            load=round(self.load.look(), 3),
            is_draining=self.sessions.is_draining,
            machine=socket.gethostname(),
            pid=os.getpid(),
            version=settings.VERSION,
            memory_bytes=self.process.memory_info().rss,
            started_at=self.started_at,
        )


def _facts(kind: str, reports: list[EngineReport]) -> list[EngineFacts]:
    return [
        EngineFacts(
            report.name,
            kind,
            report.state,
            report.detail,
            report.languages,
            report.real_time_factor,
            report.streams,
        )
        for report in reports
    ]
