"""Final words become rows once, of the owner only, and go when their time is over."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from sessions_app.errors import OwnershipLost
from sessions_app.lifecycle.condemning import condemn, finish
from sessions_app.models import TranscriptSegment
from sessions_app.speech.transcripts import services
from sessions_app.speech.transcripts.services import (
    TranscriptRefused,
    forget_transcript,
    forget_transcripts,
    keep_words,
)
from sessions_app.states import SessionRef
from tests.support.fake_clock import START
from tests.support.personas import BOB, make_user
from tests.support.sessions import connect_phone
from tests.support.words import final_words, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def ref() -> SessionRef:
    return connect_phone(make_user()).ref


def texts() -> list[str]:
    return [row.text for row in TranscriptSegment.objects.all()]


def test_words_are_stored_with_all_that_is_known(ref: SessionRef) -> None:
    keep_words(ref=ref, words=[final_words("hallo", language="de_DE", setting="auto", speaker="2", at=3)])
    row = TranscriptSegment.objects.get()
    assert (row.setting, row.language, row.text, row.speaker) == ("auto", "de-DE", "hallo", "2")
    assert (row.started_at, row.ended_at) == (START + timedelta(seconds=3), START + timedelta(seconds=4))
    assert (row.start_ms, row.end_ms) == (3_000, 4_000)


def test_a_replay_changes_nothing(ref: SessionRef) -> None:
    keep_words(ref=ref, words=[final_words("one")])
    keep_words(ref=ref, words=[final_words("one again"), final_words("two", utterance="u-2", at=1)])
    assert texts() == ["one", "two"]


def test_two_recognisers_and_two_sessions_have_their_own_utterances(ref: SessionRef) -> None:
    keep_words(ref=ref, words=[final_words("one"), final_words("eins", setting="de-DE")])
    keep_words(ref=connect_phone(make_user(BOB)).ref, words=[final_words("uno")])
    assert sorted(texts()) == ["eins", "one", "uno"]


def test_only_the_owner_writes(ref: SessionRef) -> None:
    connect_phone(make_user(), node_id="node-2")
    with pytest.raises(OwnershipLost):
        keep_words(ref=ref, words=[final_words()])
    assert texts() == []


def test_nothing_is_stored_of_a_session_that_is_over(ref: SessionRef) -> None:
    condemn(session_id=ref.session_id, reason="manual", now=START)
    finish(session_id=ref.session_id, now=START)
    with pytest.raises(OwnershipLost):
        keep_words(ref=ref, words=[final_words()])


def test_what_no_database_takes_is_taken_out(ref: SessionRef) -> None:
    keep_words(ref=ref, words=[final_words("a\x00b\ud800c" + "x" * 9_000, speaker="s" * 200)])
    row = TranscriptSegment.objects.get()
    assert row.text.startswith("ab?c")
    assert (len(row.text), len(row.speaker)) == (8_000, 100)


def test_times_beyond_all_measure_are_bounded(ref: SessionRef) -> None:
    keep_words(ref=ref, words=[replace(final_words(language="de\x00"), start_ms=-(10**300), end_ms=10**300)])
    row = TranscriptSegment.objects.get()
    assert (row.start_ms, row.end_ms, row.language) == (0, 2**53, "de")


def test_a_refusal_does_not_quote_the_words(ref: SessionRef, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise IntegrityError("Failing row contains (my secret)")

    monkeypatch.setattr(TranscriptSegment.objects, "bulk_create", refuse)
    with pytest.raises(TranscriptRefused) as caught:
        keep_words(ref=ref, words=[final_words("my secret")])
    assert "secret" not in repr(caught.value)
    assert caught.value.__suppress_context__


def test_one_session_is_forgotten(ref: SessionRef) -> None:
    other = connect_phone(make_user(BOB)).ref
    say(ref, "mine")
    say(other, "his")
    forget_transcript(ref.session_id)
    assert texts() == ["his"]


def test_words_go_with_the_person(ref: SessionRef) -> None:
    say(ref, "mine")
    make_user().delete()
    assert texts() == []


def test_words_of_sessions_that_are_over_go_when_their_time_has_come(
    ref: SessionRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "FORGET_BATCH", 2)
    live = connect_phone(make_user(BOB)).ref
    say(live, "live")
    say(ref, "a", "b", "c", "d", "e")
    condemn(session_id=ref.session_id, reason="manual", now=START)
    finish(session_id=ref.session_id, now=START)
    assert forget_transcripts(before=START) == 0
    assert forget_transcripts(before=START + timedelta(seconds=1)) == 5
    assert texts() == ["live"]


def test_a_row_is_not_named_by_its_words(ref: SessionRef) -> None:
    say(ref, "my secret")
    assert "secret" not in f"{TranscriptSegment.objects.get()!s}{TranscriptSegment.objects.get()!r}"
