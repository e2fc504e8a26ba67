"""The measurements of `make bench-speech`, each of which stands for itself."""

import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from bench import operations, relaying
from bench.loop_delays import delay_within, look
from bench.measuring import idle_share, percentile
from bench.operations import Crowd
from bench.process import ROOT, Process, clean_environment
from bench.relaying import Lane, Relay
from bench.run import open_lanes
from bench.speech_people import Listener, Person, connect, speak_all
from bench.speech_report import SpeechReport
from bench.speech_sets import SpeechSet, joined, load_sets
from bench.speech_words import Outcome, Result, judge
from bench.stage import Cloud, Stage
from tests.support.speech_sound import silence, sound_of

SPEAKERS = (1, 2, 4)
IDLE_MICROPHONES = 100
IDLE_SECONDS = 8.0
RELAY_ROUNDS, RELAY_SECONDS = 6, 0.8
SCRIPTED = {"SPEECH_ENGINES": "scripted", "SPEECH_VAD": "energy"}
SENTENCES = 12


@dataclass
class Scene:
    """A cloud with its speech worker, and the app that listens."""

    stage: Stage
    cloud: Cloud
    worker: Process
    listener: Listener
    report: SpeechReport
    users: int = 0

    async def people(self, number: int) -> list[Person]:
        """Return so many people who were not used before, each with the app running."""
        people = await connect(self.cloud, range(self.users, self.users + number))
        self.users += number
        await operations.put_on_glasses([person.phone for person in people])
        for person in people:
            await self.listener.begin(person.phone)
        return people


async def measure_speech(scene: Scene) -> None:
    """Let one, two and four people speak at once."""
    sets = load_sets()
    long = [each for each in sets if each.name.startswith("B")]
    rest = [each for each in sets if each not in long]
    for number in SPEAKERS:
        people = await scene.people(number)
        parts = (
            [sets]
            if number == 1
            else [(rest if each % 2 == 0 or not long else long) for each in range(number)]
        )
        before, used = await look(scene.cloud.port), scene.worker.cpu_seconds()
        await speak_all(people, [joined(part) for part in parts], scene.listener)
        spent = scene.worker.cpu_seconds() - used
        delays = delay_within(before, await look(scene.cloud.port), 0.999)
        outcome = _outcome_of(people, parts, scene.listener)
        spoken = sum(len(joined(part)) for part in parts) / 32_000
        scene.report.add_speech(f"{number} speaking", outcome, spent / spoken)
        scene.report.add_delays(f"node's event loop, {number} speaking", delays)
        for person in people:
            person.phone.drop()
    scene.report.add_memory("node", scene.cloud.node.resident_bytes())
    scene.report.add_memory("speech worker", scene.worker.resident_bytes())


async def measure_plain(report: SpeechReport) -> None:
    """Give the same sound to the engine in its plainest loop."""
    running = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bench.speech_plain",
        cwd=ROOT,
        env=clean_environment(),
        stdout=asyncio.subprocess.PIPE,
    )
    told, _ = await running.communicate()
    if running.returncode:
        raise RuntimeError("the plain loop failed; its last lines say why")
    made = json.loads(told)
    outcome = judge(load_sets(), [Result(**each) for each in made["results"]])
    report.add_speech("plain loop", outcome, made["real_time_factor"])
    report.add_memory("plain loop", made["memory"])


async def measure_overhead(scene: Scene) -> None:
    """Measure the way of sound to an engine that takes no time, and of its words to the app."""
    (person,) = await scene.people(1)
    spoken = "".join(chr(ord("a") + number) for number in range(8))
    sound = silence(0.5) + b"".join(sound_of(" ".join([spoken] * 3)) for _ in range(SENTENCES))
    await person.speak(sound, scene.listener)
    ways = [each.latency for each in scene.listener.results(person) if not each.is_final]
    scene.report.add_overhead(percentile(ways, 0.5), percentile(ways, 0.95), len(ways))
    person.phone.drop()


async def measure_relay(scene: Scene) -> None:
    """Compare the relay of sound to apps while nobody speaks and while four people do."""
    lanes = await open_lanes(scene.cloud, scene.users)
    scene.users += relaying.SESSIONS
    quiet = await _relay("nobody speaks", scene.cloud.node, lanes)
    people = await scene.people(max(SPEAKERS))
    sound = joined([each for each in load_sets() if not each.name.startswith("C")][-1:])
    before = await look(scene.cloud.port)
    speaking = asyncio.create_task(speak_all(people, [sound] * len(people), scene.listener))
    loud = await _relay("four speak", scene.cloud.node, lanes)
    delays = delay_within(before, await look(scene.cloud.port), 0.999)
    speaking.cancel()
    await asyncio.gather(speaking, return_exceptions=True)
    for person in people:
        person.phone.drop()
    quiet_again = await _relay("nobody speaks, again", scene.cloud.node, lanes)
    for relay in (quiet, loud, quiet_again):
        scene.report.add_relay(relay)
    middle = median([quiet.cost.cpu_microseconds, quiet_again.cost.cpu_microseconds])
    scene.report.add_relay_ratio(
        loud.cost.cpu_microseconds / middle, quiet_again.cost.cpu_microseconds / quiet.cost.cpu_microseconds
    )
    scene.report.add_delays("node's event loop, four speaking and 40 relayed", delays)


async def measure_idle(scene: Scene) -> None:
    """Measure what microphones cost in front of which nobody speaks."""
    first = scene.users
    phones = scene.cloud.phones[first : first + IDLE_MICROPHONES]
    scene.users += IDLE_MICROPHONES
    people = [Person(phone) for phone in phones]
    crowd = Crowd(phones, range(first, first + len(phones)), scene.cloud.apps)
    await asyncio.gather(*(phone.connect() for phone in phones))
    await operations.put_on_glasses(phones)
    await asyncio.gather(*crowd.starts())
    before = await _shares(scene)
    crowd.subscribe("transcription:en-US")
    await asyncio.sleep(operations.AFTERMATH_SECONDS)
    hearing = asyncio.gather(*(person.keep_quiet(IDLE_SECONDS + 2) for person in people))
    await asyncio.sleep(1.0)
    during = await _shares(scene, IDLE_SECONDS)
    await hearing
    scene.report.add_idle(
        IDLE_MICROPHONES, *(after - base for after, base in zip(during, before, strict=True))
    )


async def _relay(name: str, node: Process, lanes: list[Lane]) -> Relay:
    relay = Relay(name, node, lanes)
    await relaying.run_rounds([relay], RELAY_ROUNDS, RELAY_SECONDS)
    return relay


async def _shares(scene: Scene, seconds: float = 2.0) -> tuple[float, float]:
    """Return how much of a processor node and worker use."""
    node, worker = await asyncio.gather(
        idle_share(scene.cloud.node, seconds), idle_share(scene.worker, seconds)
    )
    return node, worker


def _outcome_of(
    people: Sequence[Person], parts: Sequence[Sequence[SpeechSet]], listener: Listener
) -> Outcome:
    whole = Outcome()
    for number, (person, part) in enumerate(zip(people, parts, strict=True)):
        del number
        whole.add(judge(part, listener.results(person)))
    return whole
