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
class About:
    """The parts of a worker that have something to tell."""

    engines: Engines
    translations: Translations
    voices: Voices
    sessions: Sessions
    speaking: Speaking
    load: Load
    started_at: float = field(default_factory=time.time)
    process: psutil.Process = field(default_factory=psutil.Process)


def gather_facts(worker_id: str, address: str, about: About) -> WorkerFacts:
    """Return the register's entry as it is now; measures the load."""
    engines, translations, voices = about.engines, about.translations, about.voices
    return WorkerFacts(
        worker_id=worker_id,
        address=address,
        at=time.time(),
        languages=engines.languages(),
        pairs=tuple(sorted(translations.pairs(engines.spoken_targets()))),
        voices=voices.names(),
        engines=(
            *_facts("speech", engines.reports()),
            *_facts("translation", translations.reports()),
            *_facts("voice", voices.reports()),
        ),
        channels=about.sessions.count,
        speaking=about.speaking.count,
        most_channels=about.sessions.most_channels,
        load=round(about.load.look(), 3),
        is_draining=about.sessions.is_draining,
        machine=socket.gethostname(),
        pid=os.getpid(),
        version=settings.VERSION,
        memory_bytes=about.process.memory_info().rss,
        started_at=about.started_at,
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
