"""Three nodes of which each story may restart any, or all."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.support.cloud import Cloud
from tests.support.cloud_fixtures import several_nodes
from tests.support.stage import Stage, staged

# An app's grace period is too long to help anybody: who comes back was called back or came by itself.
SETTINGS = {"APP_GRACE_SECONDS": "60", "SESSIONS_ON_SHUTDOWN": "handover"}


@pytest.fixture(scope="package")
def three_nodes() -> Iterator[Cloud]:
    with several_nodes(3, SETTINGS) as running:
        yield running


@pytest.fixture
async def trio(three_nodes: Cloud) -> AsyncIterator[Stage]:
    """A story on three nodes; the next one finds all of them answering again."""
    async for made in staged(three_nodes):
        yield made
        for node in range(three_nodes.nodes):
            await made.until_answering(30, node=node)
