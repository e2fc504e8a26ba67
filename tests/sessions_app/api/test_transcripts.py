"""Who reads what was said, and how it is told."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps_registry.models import Installation
from sessions_app.app_runs.rules import RunEvent
from sessions_app.lifecycle.condemning import condemn
from sessions_app.speech.transcripts.services import keep_words
from sessions_app.states import SessionRef
from tests.support.fake_clock import START
from tests.support.personas import ADA, BOB, CAPTIONS, NOTES, RegisteredApp, make_app, make_token, make_user
from tests.support.sessions import connect_phone, play
from tests.support.words import final_words, say

pytestmark = pytest.mark.django_db
E = RunEvent
MINE = f"{ADA}-{CAPTIONS}"


def ask(of: str, headers: dict[str, str], **asked: str) -> tuple[int, Any]:
    answer = Client().get(f"/api/transcripts/{of}", asked, headers=headers)
    return answer.status_code, answer.json()


def core(email: str = ADA) -> dict[str, str]:
    return {"authorization": f"Bearer {make_token(email)}"}


def key_of(app: RegisteredApp) -> dict[str, str]:
    return {"authorization": f"Bearer {app.package_name}:{app.api_key}"}


def texts(answer: tuple[int, Any]) -> list[str]:
    status, body = answer
    assert status == 200, body
    return [segment["text"] for segment in body["segments"]]


@pytest.fixture
def ref() -> SessionRef:
    return connect_phone(make_user()).ref


@pytest.fixture
def captions(ref: SessionRef) -> RegisteredApp:
    """An app of Ada's that hears, started five seconds after the session began."""
    app = make_app(CAPTIONS, permissions=["MICROPHONE"], installed_for=[make_user()])
    play(ref, E.START, E.ATTACHED, started_at=START + timedelta(seconds=5))
    return app


def test_segments_have_the_shape_of_the_sdks(ref: SessionRef) -> None:
    keep_words(
        ref=ref, words=[final_words("hello", speaker="1"), final_words("you", utterance="u-2", at=1.5)]
    )
    assert ask(MINE, core()) == (
        200,
        {
            "language": "en-US",
            "segments": [
                {
                    "resultId": "u-1",
                    "speakerId": "1",
                    "text": "hello",
                    "timestamp": "2026-01-02T03:04:05.000Z",
                    "isFinal": True,
                },
                {
                    "resultId": "u-2",
                    "text": "you",
                    "timestamp": "2026-01-02T03:04:06.500Z",
                    "isFinal": True,
                },
            ],
            "hasMore": False,
        },
    )


def test_one_reads_ones_own_from_the_beginning(ref: SessionRef, captions: RegisteredApp) -> None:
    say(ref, "before", "while")
    assert texts(ask(MINE, core())) == ["before", "while"]
    assert texts(ask(ADA, core())) == ["before", "while"]


def test_an_app_reads_from_its_start(ref: SessionRef, captions: RegisteredApp) -> None:
    say(ref, "before", "while")
    assert texts(ask(MINE, key_of(captions))) == ["while"]
    shown = {"x-api-key": captions.api_key, "x-package-name": CAPTIONS}
    assert texts(ask(MINE, shown)) == ["while"]
    assert texts(ask(MINE, key_of(captions), startTime="2026-01-01T00:00:00Z")) == ["while"]


def test_hyphens_in_addresses_are_no_borders() -> None:
    jean = "jean-luc@star-fleet.example"
    ref = connect_phone(make_user(jean)).ref
    app = make_app("com.example.cap-tions", permissions=["MICROPHONE"], installed_for=[make_user(jean)])
    play(ref, E.START, package_name=app.package_name, started_at=START)
    say(ref, "engage")
    assert texts(ask(f"{jean}-{app.package_name}", key_of(app))) == ["engage"]
    assert texts(ask(f"Jean-Luc@star-fleet.example-{app.package_name}", core(jean))) == ["engage"]


@pytest.mark.parametrize(
    ("headers", "error"),
    [
        ({}, "Authorization header missing or invalid"),
        ({"authorization": "Bearer nonsense"}, "Invalid or expired token"),
        ({"authorization": f"Bearer {CAPTIONS}:nonsense"}, "Invalid API key"),
        ({"x-api-key": "nonsense", "x-package-name": CAPTIONS}, "Invalid API key"),
        ({"x-api-key": "nonsense"}, "Invalid API key"),
    ],
)
def test_nobody_reads_without_a_token(
    ref: SessionRef, captions: RegisteredApp, headers: dict[str, str], error: str
) -> None:
    status, body = ask(MINE, headers)
    assert (status, body["error"]) == (401, error)


def test_a_key_of_another_app_does_not_pass_for_this_one(ref: SessionRef, captions: RegisteredApp) -> None:
    other = make_app(NOTES, permissions=["MICROPHONE"], installed_for=[make_user()])
    assert ask(MINE, {"x-api-key": other.api_key, "x-package-name": CAPTIONS})[0] == 401
    assert ask(MINE, key_of(other))[0] == 403


@pytest.mark.parametrize("email", [BOB, "ad@example.com", "operator@example.com"])
def test_nobody_else_reads_not_even_operators(ref: SessionRef, captions: RegisteredApp, email: str) -> None:
    make_user(email, staff=True)
    say(ref, "mine")
    assert ask(MINE, core(email)) == (403, {"error": "The session is somebody else's."})


def test_an_app_without_the_permission_reads_nothing(ref: SessionRef, captions: RegisteredApp) -> None:
    captions.app.permissions.all().delete()
    assert ask(MINE, key_of(captions))[0] == 403


def test_an_app_that_was_not_started_or_is_not_installed_finds_no_session(
    ref: SessionRef, captions: RegisteredApp
) -> None:
    notes = make_app(NOTES, permissions=["MICROPHONE"], installed_for=[make_user()])
    assert ask(f"{ADA}-{NOTES}", key_of(notes)) == (404, {"error": "There is no such session."})
    assert ask(f"{BOB}-{CAPTIONS}", key_of(captions))[0] == 404
    Installation.objects.filter(app=captions.app).delete()
    assert ask(MINE, key_of(captions))[0] == 404


def test_an_app_reads_nothing_once_the_session_ends(ref: SessionRef, captions: RegisteredApp) -> None:
    condemn(session_id=ref.session_id, reason="manual", now=START)
    assert ask(MINE, key_of(captions))[0] == 404


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"duration": "soon"}, "duration"),
        ({"duration": "0"}, "duration"),
        ({"duration": "-3"}, "duration"),
        ({"duration": "nan"}, "duration"),
        ({"duration": "inf"}, "duration"),
        ({"duration": "9", "startTime": "2026-01-02T03:04:05Z"}, "duration"),
        ({"startTime": "yesterday"}, "startTime"),
        ({"startTime": "2026-13-02T03:04:05Z"}, "startTime"),
        ({"endTime": "0001-01-01T00:00:00+14:00"}, "endTime"),
        ({"endTime": "9999-12-31T23:59:59-12:00"}, "endTime"),
        ({"startTime": "2026-01-02T03:04:05Z", "endTime": "2026-01-02T03:04:04Z"}, "endTime"),
        ({"language": "english please"}, "language"),
        ({"language": ""}, "language"),
    ],
)
def test_what_cannot_be_is_refused(ref: SessionRef, asked: dict[str, str], field: str) -> None:
    status, body = ask(MINE, core(), **asked)
    assert status == 400
    assert body["error"].startswith(f"{field}: ")


def test_times_and_languages_narrow_the_answer(ref: SessionRef) -> None:
    say(ref, "one", "two", "three")
    say(ref, "deux", setting="fr-FR", language="fr-FR")
    window = {"startTime": "2026-01-02T03:04:10", "endTime": "2026-01-02T04:04:20+01:00"}
    assert texts(ask(MINE, core(), **window)) == ["two"]
    assert texts(ask(MINE, core(), language="fr-FR")) == ["deux"]


def test_a_duration_counts_back_from_now(ref: SessionRef) -> None:
    ago = (timezone.now() - START).total_seconds()
    say(ref, "long ago")
    say(ref, "just now", at=ago - 5)
    assert texts(ask(MINE, core(), duration="60")) == ["just now"]
