"""Seconds of work per second of speech."""

from sessions_app.speech.engines.work_meter import WINDOW_SECONDS, WorkMeter


def test_nothing_is_said_before_there_was_speech() -> None:
    meter = WorkMeter()
    meter.note(work_seconds=1.0)
    assert meter.factor() is None


def test_all_work_is_shared_by_all_speech() -> None:
    meter = WorkMeter()
    meter.note(work_seconds=0.5)
    meter.note(work_seconds=1.0, speech_seconds=5.0)
    assert meter.factor() == 0.3


def test_old_work_is_forgotten() -> None:
    now = [0.0]
    meter = WorkMeter(lambda: now[0])
    meter.note(work_seconds=9.0, speech_seconds=1.0)
    now[0] = WINDOW_SECONDS + 1
    assert meter.factor() is None
    meter.note(work_seconds=1.0, speech_seconds=4.0)
    assert meter.factor() == 0.25
