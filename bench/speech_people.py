"""People who speak through a phone socket, and the official-SDK app that hears their words."""

import asyncio
import os
import time
from collections.abc import Iterable, Sequence

from bench.peers import Phone
from bench.seed import SPEECH_PACKAGE
from bench.speech_words import SAMPLES_A_SECOND, Result
from bench.stage import Cloud, Stage
from tests.sdk.packages import Family, PackagesMissing, install
from tests.sdk.probe import Probe
from tests.support.cloud import RegisteredApp

FRAME_SAMPLES = 320
FRAME_BYTES = 2 * FRAME_SAMPLES
FRAME_SECONDS = FRAME_SAMPLES / SAMPLES_A_SECOND
QUIET_SECONDS, LONGEST_WAIT_SECONDS = 2.5, 15.0
SUBSCRIBED_SECONDS = 10.0
NOISE_AMPLITUDE = 3


class Listener:
    """The app: built with the newest official SDK that runs here, one process for everybody."""

    def __init__(self, probe: Probe, stream: str, name: str) -> None:
        self.name = name
        self._probe = probe
        self._stream = stream

    @classmethod
    async def open(cls, stage: Stage, cloud: Cloud) -> "Listener":
        """Start it; raises PackagesMissing where npm cannot deliver."""
        port, name = stage.speech_app_port, SPEECH_PACKAGE
        app = RegisteredApp(name, cloud.keys[name], "", f"http://127.0.0.1:{port}")
        try:
            family, program = Family.C, install(Family.C)
        except PackagesMissing:
            family, program = Family.A, install(Family.A)
        stream = "transcription:en" if family is Family.C else "transcription:en-US"
        probe = Probe(program, family, app, port, f"http://127.0.0.1:{cloud.port}", (stream,))
        await probe.start()
        version = "3.0.0-alpha.4 on Bun" if family is Family.C else "2.1.29 on Node"
        return cls(probe, stream, f"@mentra/sdk {version}")

    async def close(self) -> None:
        """End it."""
        await self._probe.kill()

    async def begin(self, phone: Phone) -> None:
        """Have a person start the app; returns once their microphone is on."""
        listening = phone.next("microphone_state_change")
        await phone.start_app(SPEECH_PACKAGE)
        await asyncio.wait_for(listening, SUBSCRIBED_SECONDS)

    def count(self, phone: Phone) -> int:
        """Return how many results came for this person so far."""
        return len(self._probe.events.seen(event="data", userId=phone.user_id))

    def results(self, person: "Person") -> list[Result]:
        """Return what came for this person since they began to speak."""
        told = self._probe.events.seen(event="data", userId=person.phone.user_id)[person.heard_before :]
        return [
            Result(
                each["data"]["utteranceId"],
                each["data"]["text"],
                each["data"]["isFinal"],
                each["data"]["startTime"] / 1_000 - person.began_at,
                each["data"]["endTime"] / 1_000 - person.began_at,
                each["at"] / 1_000 - person.sent_at(each["data"]["endTime"]),
            )
            for each in told
        ]


class Person:
    """Somebody with a phone whose microphone is on."""

    def __init__(self, phone: Phone) -> None:
        self.phone = phone
        self.began_at = 0.0
        self.heard_before = 0
        self._sent: list[float] = []

    async def speak(self, sound: bytes, listener: Listener, *, phase: float = 0.0) -> None:
        """Say it at the pace of speech; go on in silence until nothing more comes of it."""
        self.began_at = len(self._sent) * FRAME_SECONDS
        self.heard_before = listener.count(self.phone)
        await asyncio.sleep(phase)
        await self._send(_frames(sound))
        quiet_since, before = time.monotonic(), listener.count(self.phone)
        deadline = quiet_since + LONGEST_WAIT_SECONDS
        while time.monotonic() < min(deadline, quiet_since + QUIET_SECONDS):
            await self._send([bytes(FRAME_BYTES)] * 10)
            if (now := listener.count(self.phone)) != before:
                quiet_since, before = time.monotonic(), now

    async def keep_quiet(self, seconds: float) -> None:
        """Send what a microphone picks up in a quiet room."""
        noise = [_noise() for _ in range(50)]
        await self._send(noise[number % 50] for number in range(round(seconds / FRAME_SECONDS)))

    def sent_at(self, milliseconds: float) -> float:
        """Return the unix time at which the sound before this time of the stream had been sent."""
        frame = round(milliseconds / 1_000 / FRAME_SECONDS + 0.499) - 1
        return self._sent[min(max(frame, 0), len(self._sent) - 1)]

    async def _send(self, frames: Iterable[bytes]) -> None:
        socket, due = self.phone.socket, time.monotonic()
        for frame in frames:
            due += FRAME_SECONDS
            await asyncio.sleep(due - time.monotonic())
            self._sent.append(time.time())
            socket.send_bytes(frame)


async def connect(cloud: Cloud, numbers: Iterable[int]) -> list[Person]:
    """Connect the phones of some users."""
    people = [Person(cloud.phones[number]) for number in numbers]
    await asyncio.gather(*(person.phone.connect() for person in people))
    return people


async def speak_all(people: Sequence[Person], sounds: Sequence[bytes], listener: Listener) -> None:
    """Let all speak at once, a little apart, as people do."""
    await asyncio.gather(
        *(
            person.speak(sound, listener, phase=0.37 * number)
            for number, (person, sound) in enumerate(zip(people, sounds, strict=True))
        )
    )


def _frames(sound: bytes) -> list[bytes]:
    return [
        sound[at : at + FRAME_BYTES].ljust(FRAME_BYTES, b"\0") for at in range(0, len(sound), FRAME_BYTES)
    ]


def _noise() -> bytes:
    return b"".join(
        ((byte % (2 * NOISE_AMPLITUDE + 1) - NOISE_AMPLITUDE) * 20).to_bytes(2, "little", signed=True)
        for byte in os.urandom(FRAME_SAMPLES)
    )
