"""Speech workers as processes of their own beside a running cloud, with the engine that understands tones."""

import asyncio
import json
import subprocess
import sys

from redis.asyncio import Redis

from sessions_app.speech.rules import ranked
from tests.support.cloud import Cloud
from tests.support.commands import ROOT

SCRIPTED = {"SPEECH_ENGINES": "scripted", "SPEECH_VAD": "energy", "SPEECH_VOICES": ""}
POLL_SECONDS = 0.1
STOP_SECONDS = 20


class SpeechProcesses:
    """Started by name, as many as a test wants; all end with `stop`."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, *names: str) -> None:
        """Start workers; they show themselves to the nodes a little later."""
        for name in names:
            command = [sys.executable, "manage.py", "speech_worker", "--worker-id", name]
            environment = self._cloud.environment | SCRIPTED
            self._processes[name] = subprocess.Popen(
                command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL
            )

    async def until_shown(self, seconds: float = 30) -> None:
        """Return once the register shows all that run."""
        names = [f"mentra:speech-worker:{name}" for name in self._alive()]
        async with asyncio.timeout(seconds), self._redis() as redis:
            while True:
                entries = await redis.mget(names)
                if all(entry and json.loads(entry)["languages"] for entry in entries):
                    return
                await asyncio.sleep(POLL_SECONDS)

    def of(self, session_id: str) -> subprocess.Popen[bytes]:
        """Return the worker that a session of this cloud has, if it began with the present workers."""
        return self._processes[ranked(session_id, self._alive())[0]]

    def stop(self) -> None:
        """End all that still run, and see that they end well."""
        running = [self._processes[name] for name in self._alive()]
        for process in running:
            process.terminate()
        for process in running:
            assert process.wait(STOP_SECONDS) == 0

    def _alive(self) -> list[str]:
        return [name for name, process in self._processes.items() if process.poll() is None]

    def _redis(self) -> "Redis":
        return Redis(unix_socket_path=str(self._cloud.data_dir / "redis.sock"))
