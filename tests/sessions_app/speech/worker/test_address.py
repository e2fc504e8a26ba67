"""What nodes are told about where a worker listens."""

import socket

import pytest

from sessions_app.speech.worker.process import Address


@pytest.mark.parametrize(
    ("address", "told"),
    [
        (Address("127.0.0.1", 0), "127.0.0.1:7000"),
        (Address("::1", 0), "[::1]:7000"),
        (Address("::", 0, "speech.internal"), "speech.internal:7000"),
        (Address("::", 0), f"{socket.gethostname()}:7000"),
    ],
)
def test_nodes_are_told_an_address_that_leads_here(address: Address, told: str) -> None:
    assert address.told(7000) == told
