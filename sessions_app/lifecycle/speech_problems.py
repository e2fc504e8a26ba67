"""Tells apps why the words they asked for do not come: once each, until that has changed."""

from sessions_app.app_runs.seat import AppSeat
from sessions_app.lifecycle.complaints import Complaint, SpeechNow, complaint_about
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.lifecycle.telling import tell_app_error
from sessions_app.streams.rules import SPEECH_STREAMS


def tell_speech_problems(runtime: SessionRuntime) -> None:
    """Look at every app's subscriptions and tell it what it was not told yet."""
    speech, told = runtime.ears.speech, runtime.ears.told
    workers = speech.workers.live() if speech.workers.is_known else None
    now = SpeechNow(workers, speech.wishes, speech.problem, speech.troubles)
    seats = {seat.package_name: seat for seat in runtime.apps.present() if seat.is_expected}
    for package in told.keys() - seats.keys():
        del told[package]
    for package, seat in seats.items():
        complaints = _complaints(seat, now)
        before = told.get(package, frozenset())
        told[package] = frozenset((each.subject, each.code) for each in complaints)
        for each in complaints:
            if (each.subject, each.code) not in before:
                tell_app_error(runtime, seat, each.code, each.message)


def _complaints(seat: AppSeat, now: SpeechNow) -> list[Complaint]:
    """Return what is wrong for an app, each once, in the order of its subscriptions."""
    keys = [key for key in seat.keys if key.stream in SPEECH_STREAMS]
    found = (complaint_about(key, now) for key in keys)
    return list({(each.subject, each.code): each for each in found if each is not None}.values())
