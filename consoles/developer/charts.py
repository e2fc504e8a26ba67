"""What the charts of an app show: data and options as the theme's chart component takes them. Pure."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sessions_app.statistics.rules import DAY, Tally, percentile
from sessions_app.statistics.selectors import Statistics

GREEN, BLUE = "#16a34a", "#2563eb"
# From amber to violet, one per stage; red is the first because most apps have one kind of failure.
STAGE_COLOURS = ("#dc2626", "#d97706", "#9333ea", "#0891b2", "#be185d", "#65a30d", "#6b7280")
GREY = "#9ca3af"


@dataclass(frozen=True, slots=True)
class Series:
    """One line or set of bars; a value is None where there is nothing to show."""

    label: str
    colour: str
    values: list[float | None]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart with its numbers; `data` and `options` are JSON for the component."""

    title: str
    kind: str
    labels: list[str]
    series: list[Series]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to see."""
        return not any(value for line in self.series for value in line.values)

    @property
    def data(self) -> str:
        """Labels and datasets."""
        sets = [
            {
                "label": line.label,
                "data": line.values,
                "backgroundColor": line.colour,
                "borderColor": line.colour,
                "maxBarThickness": 14,
                "borderRadius": 2,
                "pointRadius": 2,
                "borderWidth": 2 if self.kind == "line" else 0,
                "spanGaps": True,
            }
            for line in self.series
        ]
        return json.dumps({"labels": self.labels, "datasets": sets})

    @property
    def options(self) -> str:
        """How it is drawn: bars on top of each other, one legend, no movement."""
        axis: dict[str, Any] = {"ticks": {"color": GREY, "maxTicksLimit": 8}, "grid": {"display": False}}
        stacked = {"stacked": self.kind == "bar"}
        return json.dumps(
            {
                "animation": False,
                "maintainAspectRatio": False,
                "interaction": {"mode": "index", "intersect": False},
                "plugins": {
                    "legend": {"display": len(self.series) > 1, "labels": {"color": GREY, "boxWidth": 10}}
                },
                "scales": {
                    "x": {**axis, **stacked},
                    "y": {**axis, **stacked, "beginAtZero": True, "grid": {"display": True}},
                },
            }
        )


def charts_of(statistics: Statistics) -> list[Chart]:
    """Return the charts of an app's page, in the order in which they are looked at."""
    form = "%H:00" if statistics.period is DAY else "%a %H:00"
    labels = [beginning.strftime(form) for beginning in statistics.beginnings]
    steps = statistics.steps
    stages = sorted(statistics.total.failures)
    failures = [
        Series(f"Failed: {stage}", colour, [step.failures[stage] for step in steps])
        for stage, colour in zip(stages, _colours(), strict=False)
    ]
    return [
        Chart(
            "Starts", "bar", labels, [_series("Started", GREEN, steps, lambda step: step.starts), *failures]
        ),
        Chart(
            "Failed starts, %",
            "line",
            labels,
            [_series("Failed", STAGE_COLOURS[0], steps, lambda step: _percent(step.failed_share))],
        ),
        Chart(
            "Webhook latency, ms",
            "line",
            labels,
            [
                _series("p50", BLUE, steps, lambda step: percentile(step.latencies, 0.5)),
                _series("p95", STAGE_COLOURS[1], steps, lambda step: percentile(step.latencies, 0.95)),
            ],
        ),
        Chart(
            "Time connected, hours",
            "bar",
            labels,
            [_series("Connected", BLUE, steps, lambda step: step.connected_seconds / 3600)],
        ),
    ]


def _colours() -> Iterable[str]:
    while True:
        yield from STAGE_COLOURS


def _series(label: str, colour: str, steps: list[Tally], read: Callable[[Tally], float | None]) -> Series:
    values = [read(step) for step in steps]
    return Series(label, colour, [None if value is None else round(value, 2) for value in values])


def _percent(share: float | None) -> float | None:
    return None if share is None else share * 100
