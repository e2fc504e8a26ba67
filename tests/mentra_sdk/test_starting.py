"""An app started from the environment takes its configuration from there and says what is missing."""

from typing import Any

import pytest

from mentra_sdk.errors import ServerError
from mentra_sdk.starting import run_from_environment

CONFIGURED = {"PACKAGE_NAME": "com.example.hello", "API_KEY": "0123456789abcdef"}


class Built:
    """Takes what an app would be built of; running it ends at once or fails as told."""

    def __init__(self, problem: ServerError | None = None) -> None:
        self.configuration: dict[str, Any] = {}
        self.runs = 0
        self._problem = problem

    def __call__(self, **configuration: Any) -> "Built":
        self.configuration = configuration
        return self

    def run(self) -> None:
        self.runs += 1
        if self._problem is not None:
            raise self._problem


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("PACKAGE_NAME", "API_KEY", "PORT", "HOST", "WEBHOOK_SECRET"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def set_all(environment: pytest.MonkeyPatch, values: dict[str, str]) -> None:
    for name, value in values.items():
        environment.setenv(name, value)


def test_the_app_is_built_of_the_environment(environment: pytest.MonkeyPatch) -> None:
    set_all(environment, {**CONFIGURED, "PORT": "9000", "HOST": "192.0.2.1", "WEBHOOK_SECRET": "hush"})
    build = Built()

    run_from_environment(build, 8010)

    assert build.runs == 1
    assert build.configuration == {
        "package_name": "com.example.hello",
        "api_key": "0123456789abcdef",
        "port": 9000,
        "host": "192.0.2.1",
        "webhook_secret": "hush",
    }


def test_what_is_not_set_or_empty_has_its_default(environment: pytest.MonkeyPatch) -> None:
    set_all(environment, {**CONFIGURED, "PORT": "", "HOST": "", "WEBHOOK_SECRET": ""})
    build = Built()

    run_from_environment(build, 8010)

    assert (build.configuration["port"], build.configuration["host"]) == (8010, "127.0.0.1")
    assert build.configuration["webhook_secret"] is None


@pytest.mark.parametrize("missing", ["PACKAGE_NAME", "API_KEY"])
def test_without_its_name_or_key_it_says_so(environment: pytest.MonkeyPatch, missing: str) -> None:
    set_all(environment, {**CONFIGURED, missing: ""})

    with pytest.raises(SystemExit, match="Set PACKAGE_NAME and API_KEY"):
        run_from_environment(Built(), 8010)


@pytest.mark.parametrize("port", ["eighty", "0", "65536", "-1", "²"])
def test_a_port_that_is_none_is_named(environment: pytest.MonkeyPatch, port: str) -> None:
    set_all(environment, {**CONFIGURED, "PORT": port})

    with pytest.raises(SystemExit, match="PORT must be a number from 1 to 65535"):
        run_from_environment(Built(), 8010)


def test_a_port_in_use_ends_with_a_hint(environment: pytest.MonkeyPatch) -> None:
    set_all(environment, CONFIGURED)

    with pytest.raises(SystemExit, match=r"Port 8010 is in use\. Choose another PORT\."):
        run_from_environment(Built(ServerError("Port 8010 is in use")), 8010)
