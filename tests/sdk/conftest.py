"""Fixtures of the tests with the official SDK: which family, and probe apps of it on a stage."""

from pathlib import Path

import pytest

from tests.sdk.packages import Family, PackagesMissing, Program, install, is_required
from tests.sdk.play import Play
from tests.support.stage import Stage


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.sdk)
            item.add_marker(pytest.mark.timeout(90))


@pytest.fixture(scope="session")
def programs() -> dict[Family, Program]:
    """The probe programs with their packages in place; skips, with the reason, where npm cannot deliver."""
    try:
        return {family: install(family) for family in Family}
    except PackagesMissing as reason:
        if is_required():
            pytest.fail(str(reason))
        pytest.skip(f"official SDK tests skipped: {reason}")


@pytest.fixture(params=list(Family), ids=str)
def family(request: pytest.FixtureRequest) -> Family:
    """Each client family in turn (app-socket §1)."""
    chosen: Family = request.param
    return chosen


@pytest.fixture
def play(programs: dict[Family, Program], stage: Stage) -> Play:
    """Probe apps on the cloud with default settings."""
    return Play(stage, programs)


@pytest.fixture
def quick_play(programs: dict[Family, Program], quick_stage: Stage) -> Play:
    """Probe apps on the cloud with short deadlines."""
    return Play(quick_stage, programs)
