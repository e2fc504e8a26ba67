"""What the packages say about themselves agrees with the code in them. Reads files, builds nothing."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from hatch_build import EXTRAS, CustomMetadataHook

ROOT = Path(__file__).resolve().parents[2]
CLOUD = tomllib.loads((ROOT / "pyproject.toml").read_text())
SDK = tomllib.loads((ROOT / "mentra_sdk" / "pyproject.toml").read_text())
# Those of this platform: what is for another one stands in for something that this one has.
ALWAYS = [
    one
    for one in map(Requirement, SDK["project"]["dependencies"])
    if one.marker is None or one.marker.evaluate()
]
SOMETIMES = [Requirement(one) for each in SDK["project"]["optional-dependencies"].values() for one in each]
# What distributions and their extras are imported as, where that is another name.
IMPORTED_AS = {"pyjwt": "jwt"}
EXTRAS_BRING = {"crypto": "cryptography"}


def imported_by(folder: Path) -> set[str]:
    """Return the packages of other people that the modules of a folder import, outside functions and inside."""
    names: set[str] = set()
    for file in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names.add(node.module or "")
    tops = {name.partition(".")[0] for name in names}
    return tops - set(sys.stdlib_module_names) - {folder.name}


def brought_by(requirements: list[Requirement]) -> set[str]:
    """Return the packages that can be imported once these are installed."""
    names = {IMPORTED_AS.get(one.name, one.name) for one in requirements}
    return names | {EXTRAS_BRING[extra] for one in requirements for extra in one.extras}


def test_the_sdk_asks_for_what_it_imports_and_for_nothing_else() -> None:
    imported = imported_by(ROOT / "mentra_sdk")
    always = brought_by(ALWAYS)
    assert always <= imported
    assert imported <= always | brought_by(SOMETIMES)
    assert len(always) < 8, "apps should not have to install much"


def test_the_sdk_loads_without_its_extras() -> None:
    hidden = brought_by(SOMETIMES) - brought_by(ALWAYS)
    program = f"import sys; sys.modules.update(dict.fromkeys({sorted(hidden)!r})); import mentra_sdk"
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)


def test_the_sdk_takes_the_versions_it_is_tested_with() -> None:
    pinned = dict(line.split("==") for line in (ROOT / "constraints.txt").read_text().splitlines()[1:])
    versions = {name.lower(): version for name, version in pinned.items()}
    assert [
        str(one) for one in (*ALWAYS, *SOMETIMES) if versions[one.name.lower()] not in one.specifier
    ] == []


def test_pytest_finds_the_fixtures_of_the_sdk() -> None:
    ((name, module),) = SDK["project"]["entry-points"]["pytest11"].items()
    assert name == "mentra_sdk"
    assert import_module(module).cloud


def test_packages_are_built_by_what_is_tested() -> None:
    (builder,) = CLOUD["build-system"]["requires"]
    assert SDK["build-system"]["requires"] == [builder]
    assert builder in (ROOT / "requirements-dev.txt").read_text().splitlines()


def test_the_cloud_depends_on_what_its_requirement_files_pin() -> None:
    told: dict[str, Any] = {}
    CustomMetadataHook(str(ROOT), {}).update(told)
    dependencies = [Requirement(one) for one in told["dependencies"]]

    lines = [*(ROOT / "requirements.txt").read_text().splitlines(), "open-glasses-sdk"]
    assert [str(one.name) for one in dependencies] == [
        Requirement(line).name for line in lines if line[0] not in "#-"
    ]
    assert all(str(one.specifier).startswith("==") for one in dependencies)
    assert set(told["optional-dependencies"]) == set(EXTRAS)
    assert all(told["optional-dependencies"].values())


def test_the_wheel_has_every_django_app_of_ours() -> None:
    from django.conf import settings

    packages = CLOUD["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    ours = {name for name in settings.INSTALLED_APPS if (ROOT / name.partition(".")[0]).is_dir()}
    assert {name.partition(".")[0] for name in ours} <= set(packages)


@pytest.mark.parametrize("package", CLOUD["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"])
def test_packages_need_no_folder_that_stays_behind(package: str) -> None:
    imports = re.compile(r"^\s*(?:from|import) (?:tests|bench|examples|stubs)\b", re.MULTILINE)
    assert [file for file in (ROOT / package).rglob("*.py") if imports.search(file.read_text())] == []


def test_the_console_script_is_what_manage_py_runs() -> None:
    module, _, function = CLOUD["project"]["scripts"]["glasses-cloud"].partition(":")
    assert f"from {module} import {function}\n" in (ROOT / "manage.py").read_text()
    assert f"{module}.py" in CLOUD["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
