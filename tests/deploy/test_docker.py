"""The images: what they are built from, who runs in them, and what they run."""

import re
import tomllib
from fnmatch import fnmatch

import pytest

from mentra_site.asgi import PROBES
from tests.deploy.reading import DEPLOY, DOCKERFILE, ROOT, command_of, parse_command, stages, unknown_settings

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
STAGES = stages()
RUN = {"cloud": "node", "speech": "speech_worker", "media": "media_server"}


def test_images_have_the_python_of_the_project() -> None:
    oldest = PROJECT["project"]["requires-python"].partition(",")[0].removeprefix(">=")
    bases = {stage.partition("\n")[0] for stage in STAGES.values()} - set(STAGES)
    assert bases == {f"python:{oldest}-slim-bookworm"}


def test_wheels_are_built_as_make_release_builds_them() -> None:
    (builder,) = PROJECT["build-system"]["requires"]
    assert f"pip install --no-cache-dir {builder}\n" in STAGES["wheels"]
    assert "/source/mentra_sdk" in STAGES["wheels"]


def test_the_context_has_all_that_the_wheels_are_built_from() -> None:
    lines = (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()
    let_in = [line.removeprefix("!") for line in lines if line.startswith("!")]
    wheel = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {*wheel["packages"], *wheel["force-include"], PROJECT["project"]["readme"], "pyproject.toml"}
    needed |= {"hatch_build.py", "mentra_sdk", "constraints.txt", "requirements.txt"}
    assert "*" in lines
    assert [name for name in needed if not any(fnmatch(name, pattern) for pattern in let_in)] == []
    assert [name for name in let_in if not list(ROOT.glob(name))] == []


@pytest.mark.parametrize(("name", "command"), RUN.items())
def test_an_image_runs_a_command_there_is_as_nobody_in_particular(name: str, command: str) -> None:
    words = command_of(STAGES[name])
    parse_command(words)
    assert words[1] == command
    assert STAGES[name].startswith("runtime\n")
    assert re.search(r"^USER [1-9][0-9]*$", STAGES["runtime"], re.MULTILINE)


def test_the_port_of_the_image_is_the_one_it_listens_on_and_is_asked_at() -> None:
    node = parse_command(command_of(STAGES["cloud"]))
    assert node["host"] == "0.0.0.0"  # noqa: S104 - compared only
    assert f"EXPOSE {node['port']}\n" in STAGES["cloud"]
    ((port, path),) = re.findall(r"http://127\.0\.0\.1:(\d+)(/\w+)", STAGES["cloud"])
    assert int(port) == node["port"]
    assert path in PROBES


def test_images_set_what_settings_read() -> None:
    names = set(re.findall(r"\b([A-Z_]{4,})=", DOCKERFILE))
    of_python = {"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "EXTRA_PACKAGES"}
    of_python |= {"PIP_NO_CACHE_DIR", "PIP_DISABLE_PIP_VERSION_CHECK", "MEDIA_STORAGE"}
    assert unknown_settings(names - of_python) == []
