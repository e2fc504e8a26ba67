"""The numbers of a run, as a table for people and as JSON for other programs."""

import json
import platform
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median

from bench.measuring import Cost, percentile, reference_milliseconds

# What the hosted cloud's own server needs on a machine like the one this was written on, and what we aim at.
HOSTED = {
    "connect to ack": (4_800.0, 2_400.0),
    "app start to ack": (15_000.0, 7_500.0),
    "event at 1,000/s": (104.0, None),
    "display": (960.0, 480.0),
    "audio frame": (34.0, None),
    "audio frame, 500 silent sessions": (73.0, None),
    "idle session with one app": (427.0, 107.0),
}
MOST_RATIO = 1.3


@dataclass
class Line:
    """One measured operation under one server.

    `cost` is in µs of CPU; for memory in KB; where times were measured, and no CPU, it is the longest in ms.
    """

    server: str
    operation: str
    cost: float
    unit: str = "µs CPU"
    p50_ms: float | None = None
    p99_ms: float | None = None
    per_second: float | None = None
    lost: int | None = None

    @classmethod
    def of(cls, server: str, operation: str, cost: Cost, *, lost: int | None = None) -> "Line":
        """Return the line of a measured cost."""
        return cls(
            server,
            operation,
            cost.cpu_microseconds,
            p50_ms=cost.latency_ms(0.5),
            p99_ms=cost.latency_ms(0.99),
            per_second=cost.per_second,
            lost=lost,
        )

    @classmethod
    def of_times(
        cls, server: str, operation: str, times: Sequence[float | None], *, lost: int | None = None
    ) -> "Line":
        """Return the line of measured times in seconds; None is one that never ended.

        What never ended is what was lost, unless `lost` says something else.
        """
        came = [each for each in times if each is not None]
        return cls(
            server,
            operation,
            percentile(came, 1.0) * 1_000,
            "ms at most",
            p50_ms=percentile(came, 0.5) * 1_000,
            p99_ms=percentile(came, 0.99) * 1_000,
            lost=len(times) - len(came) if lost is None else lost,
        )


@dataclass
class Report:
    """All lines of a run; printed as they come."""

    database: str
    lines: list[Line] = field(default_factory=list)
    ratios: dict[str, float] = field(default_factory=dict)
    references: list[float] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def begin(self) -> None:
        """Print the head of the table."""
        self._say(f"Node on {self.database}, Python {platform.python_version()}, {platform.machine()}")
        self._say(
            f"{'server':8} {'operation':36} {'cost':>14} {'p50 ms':>8} {'p99 ms':>8} {'/s':>7} {'lost':>5}"
            f" {'hosted':>7} {'aim':>6}"
        )

    def add(self, line: Line) -> None:
        """Keep and print a line."""
        self.lines.append(line)
        self.references.append(reference_milliseconds())
        hosted, aim = HOSTED.get(line.operation, (None, None))
        cost = f"{line.cost:,.1f} {line.unit.split()[0]}"
        self._say(
            f"{line.server:8} {line.operation:36} {cost:>14} {_number(line.p50_ms, 2):>8}"
            f" {_number(line.p99_ms, 2):>8} {_number(line.per_second):>7} {_number(line.lost):>5}"
            f" {_number(hosted):>7} {_number(aim):>6}"
        )

    def add_ratio(self, server: str, ratio: float) -> None:
        """Keep and print how many times the CPU of the bare relay a frame takes."""
        self.ratios[server] = ratio
        verdict = "within" if ratio <= MOST_RATIO else "ABOVE"
        self._say(f"{server:8} cloud : bare relay = {ratio:.2f}, {verdict} the aim of {MOST_RATIO}")

    def note(self, text: str) -> None:
        """Keep and print a sentence about the lines around it."""
        self.notes.append(text)
        self._say(text)

    def end(self) -> None:
        """Print how fast the machine was meanwhile."""
        fastest, middle = min(self.references), median(self.references)
        self._say(f"The reference loop took {middle:.1f} ms of CPU meanwhile, {fastest:.1f} ms at best.")

    def write(self, path: Path) -> None:
        """Write everything as JSON."""
        content = {
            "database": self.database,
            "python": platform.python_version(),
            "lines": [asdict(line) for line in self.lines],
            "ratios": self.ratios,
            "notes": self.notes,
            "reference_milliseconds": self.references,
        }
        path.write_text(json.dumps(content, indent=2) + "\n")

    def _say(self, text: str) -> None:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()


def _number(value: float | None, digits: int = 0) -> str:
    return "" if value is None else f"{value:,.{digits}f}"
