"""What the speech report says of the aims."""

import pytest

from bench.speech_report import SpeechReport
from bench.speech_words import Accuracy, Outcome, Result


def outcome(errors: int, latency: float) -> Outcome:
    results = [Result("u", "turn left", True, 0, 1, latency), Result("u", "turn", False, 0, 1, latency / 2)]
    return Outcome(results, {"A": Accuracy(100, errors)})


@pytest.mark.parametrize(("errors", "verdict"), [(2, "+1.0% of the words wrong (WORSE)"), (1, "not worse")])
def test_the_cloud_is_held_against_the_plain_loop(
    errors: int, verdict: str, capsys: pytest.CaptureFixture[str]
) -> None:
    report = SpeechReport()
    report.add_speech("1 speaking", outcome(errors, 0.8), 0.3)
    report.add_speech("plain loop", outcome(1, 0.77), 0.3)
    report.compare("1 speaking", "plain loop")
    said = capsys.readouterr().out
    assert verdict in said
    assert "+30 ms in the middle" in said


def test_what_was_not_measured_is_not_compared(capsys: pytest.CaptureFixture[str]) -> None:
    report = SpeechReport()
    report.add_speech("plain loop", outcome(1, 0.77), 0.3)
    report.compare("1 speaking", "plain loop")
    assert "against" not in capsys.readouterr().out


def test_aims_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    report = SpeechReport()
    report.add_delays("loop", 0.05)
    report.add_delays("loop", 0.1)
    report.add_overhead(0.06, 0.08, 20)
    within, above, overhead = capsys.readouterr().out.splitlines()
    assert "within the aim of 50" in within
    assert "ABOVE the aim of 50" in above
    assert "ABOVE the aim of 50" in overhead
