"""What a node tells of itself."""

import json
import os

from django.conf import LazySettings

from sessions_app.outbound import node_facts
from sessions_app.outbound.node_facts import NodeFacts, publish, resident_bytes


def test_a_node_tells_where_it_is_and_how_it_does(settings: LazySettings) -> None:
    settings.NODE_PUBLIC_URL = "http://a.example"
    told = NodeFacts().look(draining=False)
    assert json.loads(json.dumps(told)) == told
    assert (told["address"], told["pid"], told["draining"]) == ("http://a.example", os.getpid(), False)
    assert told["cpu"] >= 0
    assert told["version"] == settings.VERSION


def test_higher_layers_add_numbers() -> None:
    kept = dict(node_facts._read)
    try:
        publish("lagSeconds", lambda: 0.25)
        assert NodeFacts().look(draining=True)["lagSeconds"] == 0.25
    finally:
        node_facts._read.clear()
        node_facts._read.update(kept)


def test_memory_is_that_of_the_process_where_the_system_tells() -> None:
    held = resident_bytes()
    assert held is None or held > 1_000_000
