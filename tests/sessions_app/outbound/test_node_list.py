"""The register as operators read it."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sessions_app.outbound import node_list
from sessions_app.outbound.node_list import NodeStatus, list_nodes
from tests.support.personas import ADA, BOB, make_user
from tests.support.queries import statements
from tests.support.sessions import connect_phone


class Keys:
    """A Redis that holds some keys."""

    def __init__(self, **held: str) -> None:
        self.held = {
            f"mentra:{name.replace('__', ':').replace('_', '-')}": text for name, text in held.items()
        }

    def scan_iter(self, match: str, count: int) -> list[str]:
        assert count
        return [name for name in self.held if name.startswith(match.removesuffix("*"))]

    def mget(self, names: list[str]) -> list[str | None]:
        return [self.held.get(name) for name in names]


def hold(monkeypatch: pytest.MonkeyPatch, **held: str) -> None:
    monkeypatch.setattr(node_list, "blocking_redis", lambda: Keys(**held))


def entry(**facts: Any) -> str:
    since = (datetime.now(UTC) - timedelta(hours=2)).isoformat()
    return json.dumps({"address": "http://a", "since": since, "cpu": 0.425, "lagSeconds": 0.012, **facts})


@pytest.mark.django_db
def test_nodes_are_ready_draining_or_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    connect_phone(make_user(ADA), node_id="node-1")
    connect_phone(make_user(BOB), node_id="node-3")
    hold(monkeypatch, node__node_1=entry(), node__node_2=entry(draining=True))
    with statements() as asked:
        one, two, three = list_nodes()
    assert len(asked) == 1
    assert [node.status for node in (one, two, three)] == [
        NodeStatus.READY,
        NodeStatus.DRAINING,
        NodeStatus.SILENT,
    ]
    assert [node.sessions for node in (one, two, three)] == [1, 0, 1]
    assert (one.cpu_percent, one.lag_milliseconds) == (42.5, 12.0)
    assert one.uptime is not None
    assert one.uptime >= timedelta(hours=2)
    assert three.last_seen_at is not None
    assert (three.uptime, three.cpu_percent, three.lag_milliseconds) == (None, None, None)


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["{", "[]", "{}"])
def test_an_entry_that_says_nothing_still_is_a_node(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    hold(monkeypatch, node__node_1=text)
    (node,) = list_nodes()
    assert (node.status, node.uptime) == (NodeStatus.READY, None)
