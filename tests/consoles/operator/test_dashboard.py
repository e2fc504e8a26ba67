"""The overview of the operators' site."""

import pytest
from django.test import Client
from redis.exceptions import ConnectionError as RedisUnreachable

from consoles.operator import dashboard
from sessions_app.app_runs.rules import RunEvent
from sessions_app.outbound.node_list import NodeEntry, NodeStatus
from tests.support.personas import ADA, BOB, NOTES, make_user
from tests.support.queries import statements
from tests.support.sessions import connect_phone, play

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nodes(monkeypatch: pytest.MonkeyPatch) -> None:
    """One node that serves."""
    monkeypatch.setattr(dashboard, "list_nodes", lambda: [NodeEntry("node-1", NodeStatus.READY, 1)])


def test_it_counts_what_there_is_and_what_failed(operator: Client) -> None:
    from django.utils import timezone

    ref = connect_phone(make_user(ADA)).ref
    play(ref, RunEvent.START, RunEvent.ATTACHED)
    play(ref, RunEvent.START, RunEvent.START_FAILED, package_name=NOTES, now=timezone.now())
    text = operator.get("/admin/").content.decode()
    for part in ("Apps running", "Nodes ready", "Apps to review", "Failed jobs", "start failed"):
        assert part in text, part
    part = operator.get("/admin/now/").content.decode()
    assert "Errors of the last hour" in part
    assert "<html" not in part


def test_silent_nodes_and_an_absent_redis_are_alarms(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [NodeEntry("a", NodeStatus.READY, 0), NodeEntry("b", NodeStatus.SILENT, 3)]
    monkeypatch.setattr(dashboard, "list_nodes", lambda: found)
    tile = dashboard.tiles()[1]
    assert (tile.value, tile.is_alarm) == ("1 of 2", True)

    def away() -> None:
        raise RedisUnreachable("refused")

    monkeypatch.setattr(dashboard, "list_nodes", away)
    tile = dashboard.tiles()[1]
    assert (tile.value, tile.is_alarm) == ("Redis is away", True)


def test_more_sessions_take_no_more_queries(operator: Client) -> None:
    connect_phone(make_user(ADA))
    operator.get("/admin/now/")
    with statements() as one:
        operator.get("/admin/now/")
    play(connect_phone(make_user(BOB)).ref, RunEvent.START, RunEvent.START_FAILED)
    with statements() as two:
        operator.get("/admin/now/")
    assert len(two) == len(one)


def test_who_may_not_see_sessions_sees_no_numbers(client: Client) -> None:
    viewer = make_user("viewer@example.com")
    viewer.is_staff = True
    viewer.save()
    client.force_login(viewer)
    assert "Choose a page on the left" in client.get("/admin/").content.decode()
