"""Clouds that stories may break: parts die, hang and come back, and the cloud goes on."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.support.cloud import Cloud
from tests.support.cloud_fixtures import KNOWN_SECRET, SERVER, SHORT_DEADLINES
from tests.support.own_postgres import OwnPostgres, find_binaries
from tests.support.stage import Stage, staged

# Short enough for a story, long enough for a busy machine.
DEADLINES = SHORT_DEADLINES | {"NODE_LOST_SECONDS": "18", "APP_START_TIMEOUT_SECONDS": "10"}


@pytest.fixture(scope="package")
def fragile() -> Iterator[Cloud]:
    """One node on SQLite with a private Redis."""
    with Cloud(KNOWN_SECRET | DEADLINES, server=SERVER) as running:
        yield running


@pytest.fixture
async def fragile_stage(fragile: Cloud) -> AsyncIterator[Stage]:
    async for made in staged(fragile):
        yield made


@pytest.fixture(scope="package")
def own_postgres() -> Iterator[OwnPostgres]:
    """A PostgreSQL server of these stories alone."""
    binaries = find_binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL server program (initdb) is installed here")
    with OwnPostgres(binaries) as server:
        yield server


@pytest.fixture(scope="package")
def fragile_pair(own_postgres: OwnPostgres) -> Iterator[Cloud]:
    """Two nodes on a PostgreSQL and a Redis of their own."""
    settings = {"DATABASE_URL": own_postgres.url}
    with Cloud(KNOWN_SECRET | DEADLINES | settings, server=SERVER, nodes=2) as running:
        yield running


@pytest.fixture
async def pair_stage(fragile_pair: Cloud) -> AsyncIterator[Stage]:
    async for made in staged(fragile_pair):
        yield made
