"""Plain integers become Prometheus families at a scrape, and at no other time."""

from collections.abc import Iterator
from contextlib import suppress

import pytest
from django.db import DatabaseError
from prometheus_client import generate_latest

from accounts.models import User
from sessions_app.models import UserSession
from sessions_app.outbound import metrics
from sessions_app.states import SessionState


@pytest.fixture(autouse=True)
def fresh_counts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let no test see what another one counted or asked."""
    monkeypatch.setattr(metrics, "_session_states", metrics._SessionStates())
    kept = {family.name: dict(family.values) for family in metrics._FAMILIES}
    for family in metrics._FAMILIES:
        family.values.clear()
    yield
    for family in metrics._FAMILIES:
        family.values.clear()
        family.values.update(kept[family.name])


def page() -> list[str]:
    """Scrape as a node does: the database is asked first, and may not answer."""
    with suppress(DatabaseError):
        metrics.count_sessions_by_state()
    return generate_latest(metrics.registry).decode().splitlines()


@pytest.mark.django_db
def test_what_rooms_add_is_what_a_scrape_shows() -> None:
    metrics.relayed_frames["audio"] += 3
    metrics.relayed_bytes["audio"] += 1920
    metrics.socket_closes["app", "replaced"] += 1
    metrics.open_sockets["glasses"] += 2
    metrics.open_sockets["glasses"] -= 1
    shown = page()

    assert 'mentra_relayed_frames_total{kind="audio"} 3.0' in shown
    assert 'mentra_relayed_bytes_total{kind="audio"} 1920.0' in shown
    assert 'mentra_socket_closes_total{cause="replaced",kind="app"} 1.0' in shown
    assert 'mentra_open_sockets{kind="glasses"} 1.0' in shown
    assert "# TYPE mentra_open_sockets gauge" in shown
    assert "# TYPE mentra_relayed_frames_total counter" in shown


@pytest.mark.django_db
def test_webhooks_are_timed_by_kind_and_outcome() -> None:
    metrics.webhook_seconds.labels("start", "ok").observe(0.03)

    assert 'mentra_webhook_seconds_bucket{kind="start",le="0.05",outcome="ok"} 1.0' in page()


@pytest.mark.django_db
def test_sessions_are_counted_by_state_and_those_over_are_not() -> None:
    for number, state in enumerate([SessionState.ACTIVE, SessionState.ACTIVE, SessionState.DISPOSED]):
        UserSession.objects.create(user=User.objects.create_user(f"u{number}@x.org"), state=state)
    shown = page()

    assert 'mentra_sessions{state="ACTIVE"} 2.0' in shown
    assert 'mentra_sessions{state="DISCONNECTED"} 0.0' in shown
    assert not [line for line in shown if "DISPOSED" in line]


@pytest.mark.django_db
def test_the_database_is_asked_once_in_a_while(django_assert_num_queries: pytest.FixtureRequest) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        page()
        page()
        metrics.count_sessions_by_state()


@pytest.mark.django_db
def test_numbers_from_before_the_database_went_away_are_not_shown_for_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert 'mentra_sessions{state="ACTIVE"} 0.0' in page()
    states = metrics._session_states
    monkeypatch.setattr(states, "_asked_at", states._asked_at - 2 * states.FRESH_SECONDS - 1)
    shown = generate_latest(metrics.registry).decode().splitlines()

    assert not [line for line in shown if line.startswith("mentra_sessions{")]


def test_a_database_that_is_away_leaves_the_rest_of_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> dict[str, int]:
        raise DatabaseError("away")

    monkeypatch.setattr(metrics, "count_sessions_by_state", fail)
    metrics.app_starts["connected"] += 1
    shown = page()

    assert 'mentra_app_starts_total{stage="connected"} 1.0' in shown
    assert not [line for line in shown if line.startswith("mentra_sessions{")]
