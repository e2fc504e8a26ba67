"""The page of nodes, workers and stores."""

from typing import Any

import pytest
from django.test import Client
from redis.exceptions import ConnectionError as RedisUnreachable

from consoles.operator import node_pages
from sessions_app.outbound.node_list import NodeEntry, NodeStatus
from sessions_app.outbound.signs_of_life import Sign
from tests.support.personas import DORA, make_user

PAGE = "/admin/nodes/"
INSPECT = "consoles.operator.node_pages.current_app.control.inspect"


@pytest.fixture
def machinery(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two nodes, of which one is silent, a worker and no beat."""
    facts = {"address": "http://a", "host": "a", "pid": 7, "phones": 3, "appSockets": 4, "memoryBytes": 2**27}
    nodes = [NodeEntry("node-1", NodeStatus.READY, 3, None, facts), NodeEntry("node-2", NodeStatus.SILENT, 1)]
    signs = [Sign("worker", 1.5, is_late=False), Sign("beat", None, is_late=True)]
    monkeypatch.setattr(node_pages, "list_nodes", lambda: nodes)
    monkeypatch.setattr(node_pages, "signs_of_life", lambda: signs)
    monkeypatch.setattr(node_pages, "blocking_redis", PlayedRedis)


class PlayedRedis:
    """A Redis that tells of itself."""

    def info(self) -> dict[str, Any]:
        return {"redis_version": "7.0", "used_memory_human": "1M", "connected_clients": 5}


def away(*_: object, **__: object) -> None:
    raise RedisUnreachable("refused")


def test_nodes_and_stores_are_shown(operator: Client, machinery: None) -> None:
    text = operator.get(PAGE).content.decode()
    for part in ("node-ready", "node-silent", "128.0", "1.5 s ago", "none", "1M, 5 clients", "kill -TERM"):
        assert part in text, part
    part = operator.get(f"{PAGE}now/").content.decode()
    assert "node-1" in part
    assert "<html" not in part


def test_without_redis_the_page_says_so(operator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(node_pages, "list_nodes", away)
    monkeypatch.setattr(node_pages, "blocking_redis", away)
    text = operator.get(PAGE).content.decode()
    assert "does not answer" in text
    assert "away" in text


def test_workers_tell_what_they_do(operator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    class Inspect:
        def __init__(self, *_: object, **__: object) -> None: ...

        def stats(self) -> dict[str, Any]:
            return {"w@a": {"pid": 9, "pool": {"max-concurrency": 8}, "total": {"x": 3, "y": 4}}}

        def active(self) -> dict[str, Any]:
            return {"w@a": [{"name": "sessions_app.tasks.dispose_session"}]}

    monkeypatch.setattr(INSPECT, Inspect)
    text = operator.get(f"{PAGE}workers/").content.decode()
    for part in ("w@a", ">9<", ">8<", ">7<", "dispose_session"):
        assert part in text, part
    monkeypatch.setattr(Inspect, "stats", lambda _: None)
    assert "No worker answered" in operator.get(f"{PAGE}workers/").content.decode()
    monkeypatch.setattr(INSPECT, away)
    assert "The job queue does not answer" in operator.get(f"{PAGE}workers/").content.decode()


@pytest.mark.parametrize("path", ["", "now/", "workers/"])
def test_others_are_refused(client: Client, db: None, path: str) -> None:
    client.force_login(make_user(DORA))
    assert client.get(PAGE + path, follow=True).status_code == 403
