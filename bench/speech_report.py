"""The numbers of speech as tables for people, and as JSON for other programs."""

import json
import sys
from pathlib import Path
from typing import Any

from bench.measuring import reference_milliseconds
from bench.relaying import Relay
from bench.speech_words import Outcome

SHARES = (0.5, 0.95)
MOST_DELAY_SECONDS, MOST_OVERHEAD_SECONDS = 0.05, 0.05


class SpeechReport:
    """Prints each number as it comes, and keeps it."""

    def __init__(self) -> None:
        self.content: dict[str, Any] = {}
        self._errors: dict[str, float] = {}
        self._finals: dict[str, float] = {}

    def begin(self, app: str, engine: str) -> None:
        """Print what was measured with what."""
        self.say(f"Words of {engine}, from a phone socket to an app with {app}.")
        self.say(
            "Milliseconds: to the first words since speech began, to new ones, to the final ones since it ended."
        )
        self.say(
            f"{'':14} {'words':>6} {'wrong':>6} {'first ms':>15} {'update ms':>15} {'final ms':>15} {'CPU s':>7}"
        )
        self.say(f"{'':14} {'':6} {'':6}" + f" {'p50':>7} {'p95':>7}" * 3 + f" {'per s':>7}")

    def add_speech(self, who: str, outcome: Outcome, factor: float) -> None:
        """Say how right and how quick the words were; `factor` is seconds of work per second of speech."""
        spans = [
            measure(share)
            for measure in (outcome.first_ms, outcome.update_ms, outcome.final_ms)
            for share in SHARES
        ]
        whole = outcome.overall
        self._errors[who], self._finals[who] = whole.rate, outcome.final_ms(0.5)
        told = " ".join(f"{span:7.0f}" for span in spans)
        self.say(f"{who:14} {whole.words:6} {whole.rate:6.1%} {told} {factor:7.2f}")
        for name, accuracy in outcome.accuracies.items():
            self.say(f"  {name:12} {accuracy.words:6} {accuracy.rate:6.1%}")
        self.content[who] = {
            "sets": {name: [each.words, each.errors] for name, each in outcome.accuracies.items()},
            "first_update_final_ms": spans,
            "factor": factor,
        }

    def compare(self, ours: str, plain: str) -> None:
        """Say what the cloud adds to the plain loop, where both were measured."""
        if ours not in self._errors or plain not in self._errors:
            return
        difference = self._errors[ours] - self._errors[plain]
        verdict = "not worse" if difference <= 0 else "WORSE"
        self.say(f"{ours} against the {plain}: {difference:+.1%} of the words wrong ({verdict}),")
        self.say(f"  finals {self._finals[ours] - self._finals[plain]:+.0f} ms in the middle.")
        self.content["difference"] = [difference, self._finals[ours] - self._finals[plain]]

    def add_overhead(self, middle: float, most: float, number: int) -> None:
        """Say how long the way to an engine and back takes."""
        verdict = _verdict(middle, MOST_OVERHEAD_SECONDS)
        self.say(
            f"The way of sound to an engine that takes no time, and of its words to the app: p50 {middle * 1e3:.0f} ms"
            f" ({verdict}), p95 {most * 1e3:.0f} ms, {number} results."
        )
        self.content["overhead_ms"] = [middle * 1e3, most * 1e3]

    def add_delays(self, where: str, seconds: float) -> None:
        """Say how late an event loop was."""
        verdict = _verdict(seconds, MOST_DELAY_SECONDS)
        self.say(f"{where}: p99.9 of its delays within {seconds * 1e3:g} ms ({verdict})")
        self.content[where] = seconds * 1e3

    def add_memory(self, what: str, size: int) -> None:
        """Say how much memory a process has."""
        self.say(f"memory of the {what}: {size / 1e6:.0f} MB")
        self.content[f"memory of the {what}"] = size

    def add_relay(self, relay: Relay) -> None:
        """Say what a relayed frame of sound cost."""
        cost = relay.cost
        self.say(
            f"relayed frame, {relay.name}: {cost.cpu_microseconds:.0f} µs CPU, p50 {cost.latency_ms(0.5):.2f} ms,"
            f" p99 {cost.latency_ms(0.99):.2f} ms, {relay.lost} lost"
        )
        self.content[f"relay, {relay.name}"] = [
            cost.cpu_microseconds,
            cost.latency_ms(0.5),
            cost.latency_ms(0.99),
        ]

    def add_relay_ratio(self, ratio: float, noise: float) -> None:
        """Say how much dearer a relayed frame is while people speak, and what two quiet spans differ by."""
        self.say(
            f"relayed frame, four speak : nobody speaks = {ratio:.2f} (nobody, again : nobody = {noise:.2f})"
        )
        self.content["relay ratio"] = [ratio, noise]

    def add_idle(self, number: int, node: float, worker: float) -> None:
        """Say what microphones in quiet rooms cost, in parts of one processor."""
        self.say(
            f"{number} idle microphones: {node:.1%} of a processor in the node, {worker:.1%} in the worker"
        )
        self.content["idle"] = [number, node, worker]

    def end(self) -> None:
        """Print how fast the machine was."""
        self.content["reference_milliseconds"] = reference_milliseconds()
        self.say(
            f"The reference loop took {self.content['reference_milliseconds']:.1f} ms of CPU at the end."
        )

    def write(self, path: Path) -> None:
        """Write everything as JSON."""
        path.write_text(json.dumps(self.content, indent=2) + "\n")

    def say(self, text: str) -> None:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()


def _verdict(seconds: float, most: float) -> str:
    return f"{'within' if seconds <= most else 'ABOVE'} the aim of {most * 1e3:.0f}"
