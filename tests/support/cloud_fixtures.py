"""Fixtures: one running cloud with the defaults, one with short deadlines, and a stage on each."""

import os
import time
from collections.abc import AsyncIterator, Generator, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress

import jwt
import pluggy
import psycopg
import pytest

from tests.support.cloud import Cloud
from tests.support.postgres import fresh_database, url_of
from tests.support.stage import Stage, staged

# Which server the clouds of the tests run on: daphne (the reference) or uvicorn.
SERVER = os.environ.get("CLOUD_SERVER", "daphne")

# Known here so that a test can forge core tokens.
JWT_SECRET = "known-to-the-tests-" + "k" * 40
KNOWN_SECRET = {"AUGMENTOS_AUTH_JWT_SECRET": JWT_SECRET}


def forged_token(email: str) -> str:
    """Return a core token for `email`, made without asking the cloud."""
    now = int(time.time())
    return jwt.encode(
        {"email": email, "sub": email, "iat": now, "exp": now + 3600}, JWT_SECRET, algorithm="HS256"
    )


# The app that may fill the dashboard of the quick cloud; one story has it.
DASHBOARD_PACKAGE = "com.example.dashboard"

SHORT_DEADLINES = {
    "SESSION_GRACE_SECONDS": "3",
    "APP_GRACE_SECONDS": "1",
    "SWEEP_SECONDS": "1",
    "APP_START_TIMEOUT_SECONDS": "4",
    "WEBHOOK_TIMEOUT_SECONDS": "1",
    "PARKING_SECONDS": "1",
    "PHOTO_TIMEOUT_SECONDS": "2",
}

QUICK = {**KNOWN_SECRET, **SHORT_DEADLINES, "SYSTEM_DASHBOARD_PACKAGE_NAME": DASHBOARD_PACKAGE}


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pluggy.Result[pytest.TestReport], None]:
    """Show what the cloud of a failed test logged last."""
    report = (yield).get_result()
    if report.failed:
        for name, value in getattr(item, "funcargs", {}).items():
            if isinstance(value, Stage):
                report.sections.append((f"log of the cloud of `{name}`", value.cloud.log_tail()))


@contextmanager
def several_nodes(nodes: int, settings: Mapping[str, str] | None = None) -> Iterator[Cloud]:
    """A cloud of several nodes on PostgreSQL, or on SQLite where no PostgreSQL answers."""
    with ExitStack() as stack:
        own = {**KNOWN_SECRET, **(settings or {})}
        with suppress(psycopg.OperationalError):
            own["DATABASE_URL"] = url_of(*stack.enter_context(fresh_database()))
        yield stack.enter_context(Cloud(own, server=SERVER, nodes=nodes))


@pytest.fixture(scope="session")
def cloud() -> Iterator[Cloud]:
    """A cloud with default settings; app servers reach it through `cloud.proxy`."""
    with Cloud(KNOWN_SECRET, server=SERVER, proxied=True) as running:
        yield running


@pytest.fixture(scope="session")
def quick_cloud() -> Iterator[Cloud]:
    """A cloud whose grace periods and time-outs take seconds; app servers reach it through its proxy."""
    with Cloud(QUICK, server=SERVER, proxied=True) as running:
        yield running


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cloud]:
    """Three nodes on PostgreSQL, or on SQLite where no PostgreSQL answers. Stories leave all three running."""
    with several_nodes(3) as running:
        yield running


@pytest.fixture
async def cluster_stage(cluster: Cloud) -> AsyncIterator[Stage]:
    """A story on three nodes."""
    async for made in staged(cluster):
        yield made


@pytest.fixture
async def stage(cloud: Cloud) -> AsyncIterator[Stage]:
    """A story on the cloud with default settings."""
    async for made in staged(cloud):
        yield made


@pytest.fixture
async def quick_stage(quick_cloud: Cloud) -> AsyncIterator[Stage]:
    """A story on the cloud with short deadlines."""
    async for made in staged(quick_cloud):
        yield made
