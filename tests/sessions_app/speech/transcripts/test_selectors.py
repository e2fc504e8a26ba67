"""Which words are found: of one person, of a language, of a time, as far as they are kept."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from sessions_app.app_runs.rules import RunEvent
from sessions_app.lifecycle.condemning import condemn, finish
from sessions_app.models import AppRun
from sessions_app.speech.transcripts import selectors
from sessions_app.speech.transcripts.selectors import (
    Transcript,
    Window,
    find_run_in_live_session,
    read_own,
    read_run,
)
from sessions_app.states import SessionRef
from sessions_app.streams.languages import recognizer_locale
from tests.support.fake_clock import START
from tests.support.personas import ADA, BOB, CAPTIONS, make_user
from tests.support.sessions import connect_phone, play
from tests.support.words import say

pytestmark = pytest.mark.django_db

E = RunEvent
ALWAYS = Window()


def at(seconds: float) -> Window:
    return Window(begin=START + timedelta(seconds=seconds))


@pytest.fixture
def ref() -> SessionRef:
    return connect_phone(make_user()).ref


def texts(found: Transcript) -> list[str]:
    return [row.text for row in found.segments]


def own(ref: SessionRef, language: str = "en-US", window: Window = ALWAYS) -> list[str]:
    return texts(read_own(ref.user_pk, language, recognizer_locale(language), window))


def test_one_reads_ones_own_in_order(ref: SessionRef) -> None:
    say(ref, "two", "three", at=10)
    say(ref, "one")
    say(connect_phone(make_user(BOB)).ref, "his")
    assert own(ref) == ["one", "two", "three"]


def test_a_language_is_what_was_asked_for_or_spoken(ref: SessionRef) -> None:
    say(ref, "colour", at=0, setting="en-GB", language="en-GB")
    say(ref, "color", at=100)
    say(ref, "english", at=200, setting="auto", language="en")
    say(ref, "deutsch", at=300, setting="auto", language="de")
    assert own(ref, "en-US") == ["color", "english"]
    assert own(ref, "en") == ["colour", "color", "english"]
    assert own(ref, "de-DE") == ["deutsch"]
    assert own(ref, "auto") == ["english", "deutsch"]
    assert own(ref, "fr-FR") == []


def test_a_window_bounds_what_is_read(ref: SessionRef) -> None:
    say(ref, "one", "two", "three")
    end = START + timedelta(seconds=10)
    assert own(ref, window=at(10)) == ["two", "three"]
    assert own(ref, window=Window(end=end)) == ["one", "two"]
    assert own(ref, window=Window(begin=end, end=end)) == ["two"]


def test_of_too_many_the_newest_are_told(ref: SessionRef, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selectors, "MOST_SEGMENTS", 2)
    say(ref, "one", "two", "three")
    found = read_own(ref.user_pk, "en-US", "en-US", ALWAYS)
    assert (texts(found), found.has_more) == (["two", "three"], True)


@pytest.mark.parametrize(("days", "kept"), [(0, []), (1, []), (3, ["old"])])
def test_a_session_that_is_over_is_told_as_long_as_it_is_kept(
    ref: SessionRef, settings: Settings, days: float, kept: list[str]
) -> None:
    settings.TRANSCRIPT_RETENTION_DAYS = days
    say(ref, "old")
    ended_at = timezone.now() - timedelta(days=2)
    condemn(session_id=ref.session_id, reason="manual", now=ended_at)
    finish(session_id=ref.session_id, now=ended_at)
    assert own(ref) == kept


def run_of(ref: SessionRef) -> AppRun:
    return AppRun.objects.get(session__pk=ref.session_id)


def test_an_app_reads_since_it_was_started_until_it_was_stopped(ref: SessionRef) -> None:
    say(ref, "before", "while", "later")
    play(ref, E.START, E.ATTACHED, started_at=START + timedelta(seconds=5))
    assert texts(read_run(run_of(ref), "en-US", "en-US", ALWAYS)) == ["while", "later"]
    play(ref, E.STOP, stopped_at=START + timedelta(seconds=15))
    assert texts(read_run(run_of(ref), "en-US", "en-US", ALWAYS)) == ["while"]
    assert texts(read_run(run_of(ref), "en-US", "en-US", at(12))) == []


def test_an_app_reads_nothing_of_other_sessions(ref: SessionRef) -> None:
    play(ref, E.START, started_at=START)
    say(connect_phone(make_user(BOB)).ref, "his")
    assert texts(read_run(run_of(ref), "en-US", "en-US", ALWAYS)) == []


def test_a_run_is_found_in_a_live_session_only(ref: SessionRef) -> None:
    play(ref, E.START)
    assert find_run_in_live_session(ADA, CAPTIONS) == run_of(ref)
    assert find_run_in_live_session(ADA, "com.example.other") is None
    assert find_run_in_live_session(BOB, CAPTIONS) is None
    condemn(session_id=ref.session_id, reason="manual", now=START)
    assert find_run_in_live_session(ADA, CAPTIONS) is None
