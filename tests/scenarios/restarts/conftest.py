"""Three nodes of which each story may restart any, or all."""

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, suppress

import psycopg
import pytest

from tests.support.cloud import Cloud
from tests.support.cloud_fixtures import KNOWN_SECRET, SERVER
from tests.support.postgres import fresh_database, url_of
from tests.support.stage import Stage, staged

# An app's grace period is too long to help anybody: who comes back was called back or came by itself.
SETTINGS = KNOWN_SECRET | {"APP_GRACE_SECONDS": "60", "SESSIONS_ON_SHUTDOWN": "handover"}


@pytest.fixture(scope="package")
def three_nodes() -> Iterator[Cloud]:
    with ExitStack() as stack:
        settings = dict(SETTINGS)
        with suppress(psycopg.OperationalError):
            settings["DATABASE_URL"] = url_of(*stack.enter_context(fresh_database()))
        yield stack.enter_context(Cloud(settings, server=SERVER, nodes=3))


@pytest.fixture
async def trio(three_nodes: Cloud) -> AsyncIterator[Stage]:
    """A story on three nodes; the next one finds all of them answering again."""
    async for made in staged(three_nodes):
        yield made
        for node in range(three_nodes.nodes):
            await made.until_answering(30, node=node)
