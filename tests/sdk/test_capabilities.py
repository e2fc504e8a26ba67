"""Our profiles of the glasses are those of the SDK's own type package."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from sessions_app.phone.capabilities import PROFILES
from tests.sdk.packages import Family, Program

HERE = Path(__file__).resolve().parent
PRINT = "console.log(JSON.stringify(require(process.argv[1]).HARDWARE_CAPABILITIES))"


def profiles_of(version: str) -> dict[str, Any]:
    """Return the profiles in the installed packages of one SDK version."""
    modules = HERE / version / "node_modules" / "@mentra"
    found = next((each.parent for each in modules.rglob("types/dist/hardware.js")), None)
    node = shutil.which("node")
    if found is None or node is None:
        pytest.skip("the SDK's type package or Node is not installed")
    printed = subprocess.run([node, "-e", PRINT, str(found / "hardware.js")], capture_output=True, check=True)
    profiles: dict[str, Any] = json.loads(printed.stdout)
    return profiles


def test_the_profiles_are_those_of_the_present_sdk(programs: dict[Family, Program]) -> None:
    assert profiles_of("v3") == PROFILES


def test_the_profiles_of_the_older_sdk_are_among_ours(programs: dict[Family, Program]) -> None:
    assert profiles_of("v2").items() <= PROFILES.items()
