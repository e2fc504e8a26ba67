"""Analytics events: rows by default, PostHog with a key, and never an exception."""

import logging

import pytest
from django.db import DatabaseError
from pytest_django import Settings

from sessions_app.lifecycle import analytics
from sessions_app.models import AnalyticsEvent
from tests.support.hook_recorder import recording_hooks
from tests.support.personas import ADA

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_client() -> None:
    analytics._posthog.cache_clear()


def emit() -> None:
    analytics.emit("disconnected", user_id=ADA, session_id="s-1", properties={"duration": 5})


def test_an_event_is_a_row() -> None:
    emit()
    event = AnalyticsEvent.objects.get()
    assert (event.name, event.user_id, event.session_id) == ("disconnected", ADA, "s-1")
    assert event.properties == {"duration": 5}


def test_with_a_key_an_event_goes_to_posthog_at_once(settings: Settings) -> None:
    with recording_hooks() as posthog:
        settings.POSTHOG_API_KEY, settings.POSTHOG_HOST = "phc_test", posthog.url
        emit()
    [sent] = posthog.bodies[0]["batch"]
    assert posthog.bodies[0]["api_key"] == "phc_test"
    assert (sent["event"], sent["distinct_id"]) == ("disconnected", ADA)
    assert (sent["properties"]["duration"], sent["properties"]["sessionId"]) == (5, "s-1")
    assert not AnalyticsEvent.objects.exists()


def test_posthog_being_away_is_survived(settings: Settings) -> None:
    settings.POSTHOG_API_KEY, settings.POSTHOG_HOST = "phc_test", "http://127.0.0.1:9"
    emit()


def test_a_refused_row_is_logged_and_survived(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(**_: object) -> None:
        raise DatabaseError("disk full")

    monkeypatch.setattr(AnalyticsEvent.objects, "create", refuse)
    with caplog.at_level(logging.ERROR):
        emit()
    assert "'disconnected' was lost" in caplog.text


def test_properties_that_are_no_json_lose_only_the_event() -> None:
    analytics.emit("odd", user_id=ADA, session_id="", properties={"at": object()})
    assert not AnalyticsEvent.objects.exists()
