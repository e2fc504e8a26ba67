"""A report is a table for people and JSON for programs."""

import json
from pathlib import Path

import pytest

from bench.measuring import Cost
from bench.report import Line, Report


def test_numbers_stand_beside_those_of_the_hosted_cloud(capsys: pytest.CaptureFixture[str]) -> None:
    report = Report("SQLite")
    report.begin()
    report.add(Line.of("daphne", "connect to ack", Cost(10, 2_345.6, 0.5, [0.1] * 10), lost=0))
    report.add_ratio("daphne", 1.2)
    report.add_ratio("daphne", 1.31)
    report.end()
    told = capsys.readouterr().out
    assert "2,345.6 µs" in told
    assert "100.00" in told
    assert "4,800  2,400" in told
    assert "1.20, within the aim of 1.3" in told
    assert "1.31, ABOVE the aim of 1.3" in told


def test_times_are_told_with_the_longest_and_what_never_came_is_lost() -> None:
    times = [0.001 * number for number in range(1, 100)]
    line = Line.of_times("daphne", "takeover", [*times, None, 0.2])
    assert (line.cost, line.p50_ms, line.p99_ms, line.lost) == pytest.approx((200.0, 50.0, 99.0, 1))
    assert Line.of_times("daphne", "takeover", times, lost=7).lost == 7


def test_everything_is_in_the_file(tmp_path: Path) -> None:
    report = Report("SQLite")
    report.add(Line("daphne", "idle session with one app", 56.0, "KB"))
    report.add_ratio("daphne", 1.2)
    report.note("200 samples")
    report.write(tmp_path / "bench.json")
    content = json.loads((tmp_path / "bench.json").read_text())
    assert content["ratios"] == {"daphne": 1.2}
    assert content["notes"] == ["200 samples"]
    assert content["lines"][0]["operation"] == "idle session with one app"
    assert content["lines"][0]["unit"] == "KB"
