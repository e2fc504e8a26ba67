"""What charts hold: one line per stage, nothing where nothing was."""

import json
from collections import Counter
from datetime import UTC, datetime

from consoles.developer.charts import STAGE_COLOURS, Chart, Series, charts_of
from sessions_app.statistics.rules import DAY, RANGES, WEEK, Period, Tally
from sessions_app.statistics.selectors import Statistics

NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)


def _charts(period: Period, *last: Tally) -> dict[str, Chart]:
    beginnings = period.beginnings(NOW)
    steps = [Tally() for _ in beginnings]
    total = Tally()
    for number, tally in enumerate(last, start=-len(last)):
        steps[number] = tally
        total.add(tally)
    return {chart.title: chart for chart in charts_of(Statistics(period, beginnings, steps, total))}


def test_each_stage_of_failure_is_a_colour_on_top_of_the_starts() -> None:
    starts = _charts(DAY, Tally(starts=5, failures=Counter(WEBHOOK=2)), Tally(failures=Counter(TIMEOUT=1)))[
        "Starts"
    ]
    assert [(line.label, line.values[-2:]) for line in starts.series] == [
        ("Started", [5, 0]),
        ("Failed: TIMEOUT", [0, 1]),
        ("Failed: WEBHOOK", [2, 0]),
    ]
    assert json.loads(starts.options)["scales"]["y"]["stacked"] is True


def test_more_stages_than_colours_still_show() -> None:
    failures = Counter({f"STAGE{number}": 1 for number in range(2 * len(STAGE_COLOURS))})
    assert len(_charts(DAY, Tally(failures=failures))["Starts"].series) == 1 + len(failures)


def test_a_line_has_gaps_where_there_were_no_calls() -> None:
    latencies = [0] * RANGES
    latencies[0] = 100
    latency = _charts(DAY, Tally(latencies=latencies), Tally())["Webhook latency, ms"]
    assert [line.values[-2:] for line in latency.series] == [[2.5, None], [4.75, None]]


def test_a_chart_of_nothing_says_so() -> None:
    assert all(chart.is_empty for chart in _charts(WEEK).values())
    assert not Chart("T", "bar", ["a"], [Series("s", "#000000", [None, 1])]).is_empty


def test_a_week_names_its_days() -> None:
    labels = _charts(WEEK)["Starts"].labels
    assert (len(labels), labels[-1]) == (28, "Sun 12:00")
