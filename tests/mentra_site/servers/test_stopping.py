"""SIGTERM: the node drains first, its sockets get their goodbye, and the process ends in time."""

import struct
import time

import pytest

from tests.mentra_site.servers.conftest import RawClient, SmallNode

CLOSE, PING = 8, 9


@pytest.mark.parametrize("server", ["daphne", "uvicorn"])
def test_a_stopped_node_drains_before_it_closes_its_sockets(server: str) -> None:
    with SmallNode(server) as node:
        client = RawClient(node.port, "/echo")
        client.send_frame(1, b"hello")
        client.read_frame()
        node.ask_to_stop()
        assert node.wait_for("DRAINING") == "DRAINING 1"
        opcode, payload = client.read_frame()
        client.send_frame(CLOSE, payload)

        assert node.wait_until_ended(5) == 0
        assert opcode == CLOSE
        assert (struct.unpack("!H", payload[:2])[0], payload[2:]) == (1001, b"Node is stopping")


@pytest.mark.parametrize("server", ["daphne", "uvicorn"])
def test_a_stopping_node_takes_no_new_connections(server: str) -> None:
    with SmallNode(server, HANG_IN_DRAIN="1") as node:
        node.ask_to_stop()
        node.wait_for("DRAINING")
        with pytest.raises(OSError):
            RawClient(node.port, "/echo")


@pytest.mark.parametrize("server", ["daphne", "uvicorn"])
def test_a_hanging_drain_cannot_keep_the_process(server: str) -> None:
    with SmallNode(server, HANG_IN_DRAIN="1") as node:
        begun = time.monotonic()
        node.ask_to_stop()
        node.wait_until_ended(10)

        assert time.monotonic() - begun < 10
