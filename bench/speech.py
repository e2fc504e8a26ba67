"""`python -m bench.speech`: how right and how quick captions are, and what speech costs everybody else."""

import argparse
from pathlib import Path

import uvloop

from bench.parts import parts_of
from bench.relaying import SESSIONS
from bench.speech_parts import (
    IDLE_MICROPHONES,
    SCRIPTED,
    SPEAKERS,
    Scene,
    measure_idle,
    measure_overhead,
    measure_plain,
    measure_relay,
    measure_speech,
)
from bench.speech_people import Listener
from bench.speech_report import SpeechReport
from bench.stage import Stage

PARTS = {
    "overhead": "the way of sound and words without an engine's work",
    "speech": "one, two and four people speak",
    "plain": "the engine alone on the same sound",
    "relay": "relayed sound while people speak",
    "idle": "microphones in quiet rooms",
}
MEASURES = {"speech": measure_speech, "relay": measure_relay, "idle": measure_idle}
USERS = 1 + sum(SPEAKERS) + SESSIONS + max(SPEAKERS) + IDLE_MICROPHONES
# A node looks at its event loop so often that the 99.9th percentile of a minute means something.
TICK = {"EVENT_LOOP_TICK_SECONDS": "0.005"}


async def main() -> None:
    """Run the chosen parts."""
    options = _options()
    report = SpeechReport()
    if options.parts - {"plain"}:
        async with Stage(USERS, settings=TICK) as stage:
            await _measure_cloud(stage, options, report)
    if "plain" in options.parts:
        await measure_plain(report)
        report.compare("1 speaking", "plain loop")
    report.end()
    if options.json:
        report.write(options.json)


async def _measure_cloud(stage: Stage, options: argparse.Namespace, report: SpeechReport) -> None:
    cloud = await stage.open_cloud(options.server)
    listener = await Listener.open(stage, cloud)
    report.begin(listener.name, options.engine)
    try:
        worker = await stage.open_speech_worker(cloud, **SCRIPTED)
        scene = Scene(stage, cloud, worker, listener, report)
        if "overhead" in options.parts:
            await measure_overhead(scene)
        worker.stop()
        if options.parts - {"overhead", "plain"}:
            scene.worker = await stage.open_speech_worker(cloud, SPEECH_ENGINES=options.engine)
            for name, measure in MEASURES.items():
                if name in options.parts:
                    await measure(scene)
    finally:
        await listener.close()
        await cloud.apps.close()
        cloud.node.stop()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-speech", description=__doc__)
    told = "; ".join(f"{name}: {what}" for name, what in PARTS.items())
    parser.add_argument(
        "--parts", type=parts_of(PARTS), default=frozenset(PARTS), help=f"by commas, default all. {told}"
    )
    parser.add_argument("--engine", default="whisper", help="as in SPEECH_ENGINES (default whisper)")
    parser.add_argument("--server", choices=("daphne", "uvicorn"), default="daphne")
    parser.add_argument("--json", type=Path, help="also write the numbers to this file")
    return parser.parse_args()


if __name__ == "__main__":
    uvloop.run(main())
