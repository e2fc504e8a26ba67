"""One cloud with its demo, and a browser on it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.browser import Browsers, find_chromium
from tests.support.cloud import Cloud
from tests.support.cloud_fixtures import SERVER

# A machine that is busy with other tests needs longer than a browser's usual patience.
expect.set_options(timeout=15_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.timeout(120))


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the browser's path; skips, with the reason, where there is none."""
    found = find_chromium()
    if found is None:
        pytest.skip("browser tests skipped: no Chromium on PATH (on Debian: apt install chromium)")
    return found


@pytest.fixture(scope="session")
def demo_cloud(chromium: str) -> Iterator[Cloud]:
    """A cloud as `make run` starts it."""
    with Cloud(server=SERVER, arguments=("--demo",)) as running:
        yield running


@pytest.fixture
async def browsers(demo_cloud: Cloud, chromium: str) -> AsyncIterator[Browsers]:
    """Windows on the demo's cloud."""
    async with Browsers(demo_cloud, chromium) as opened:
        yield opened
