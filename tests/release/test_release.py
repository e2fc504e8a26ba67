"""The quick start, from the packages of `make release` alone: the cloud, and an app beside it."""

import json
import re
import socket
import subprocess
import tarfile
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from mentra_site.version import __version__
from tests.mentra_site.supervisor.operator import ROOT, Up
from tests.release.clean import environment, make_environment
from tests.support.ports import free_port
from tests.support.processes import wait_until

pytestmark = [pytest.mark.scenario, pytest.mark.timeout(300)]
README = (ROOT / "mentra_sdk" / "README.md").read_text()
PAGE = (ROOT / "docs/operations/deploy.md").read_text()
APP = "com.example.from.wheel"
USER = "ada@example.com"
# Everything is compiled and migrated for the first time.
START_SECONDS = 120.0


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `make release` made."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(["make", "release", f"DIST={folder}"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return folder


@pytest.fixture(scope="module")
def cloud_bin(packages: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    wheels = packages.glob("*.whl")
    return make_environment(
        tmp_path_factory.mktemp("cloud") / "env", *wheels, constraints=ROOT / "constraints.txt"
    )


@pytest.fixture(scope="module")
def sdk_bin(packages: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With the newest of everything that the SDK allows."""
    return make_environment(tmp_path_factory.mktemp("sdk") / "env", *packages.glob("open_glasses_sdk-*.whl"))


class Installed(Up):
    """`glasses-cloud up` by somebody who has no working copy, in a folder of their own."""

    def __init__(self, bin_folder: Path, folder: Path, *arguments: str) -> None:
        self._bin, self.folder = bin_folder, folder
        super().__init__(*arguments, data_dir=folder / "var", environment={"PYTHONPATH": ""})

    def command(self, arguments: list[str]) -> list[str]:
        kept = [word for word in arguments if word not in ("--data-dir", str(self.data_dir))]
        return [str(self._bin / "glasses-cloud"), "up", *kept]


@pytest.fixture(scope="module")
def cloud(cloud_bin: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    with Installed(cloud_bin, tmp_path_factory.mktemp("home"), "--demo") as running:
        running.wait_for_line(lambda line: line.startswith("READY "), START_SECONDS)
        yield running


def say(cloud_bin: Path, cloud: Installed, *command: str) -> str:
    """Run a command where the cloud was started; it finds the cloud by itself."""
    done = subprocess.run(
        [str(cloud_bin / "glasses-cloud"), *command],
        cwd=cloud.folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}\n{cloud.transcript()}"
    return done.stdout


def test_the_same_tree_makes_the_same_packages(packages: Path, tmp_path: Path) -> None:
    subprocess.run(["make", "release", f"DIST={tmp_path}"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    names = sorted(path.name for path in packages.iterdir())
    assert names == sorted(
        f"open_glasses_{part}-{__version__}{kind}"
        for part in ("cloud", "sdk")
        for kind in ("-py3-none-any.whl", ".tar.gz")
    )
    assert [name for name in names if (packages / name).read_bytes() != (tmp_path / name).read_bytes()] == []


def test_sources_hold_what_the_wheel_is_built_from(packages: Path) -> None:
    (wheel,), (sources,) = packages.glob("open_glasses_cloud*.whl"), packages.glob("open_glasses_cloud*.gz")
    with tarfile.open(sources) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    bundled = {"mentra_site/bundled/examples": "examples", "mentra_site/bundled": "tests/data/speech"}
    built = "\n".join(name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name)
    for there, here in bundled.items():
        built = built.replace(there, here)
    assert [name for name in built.splitlines() if name not in names] == []


def test_the_page_says_what_is_run_here(packages: Path, cloud: Installed) -> None:
    (block,) = re.findall(r"run by tests/release/test_release.py -->\n```sh\n(.*?)```", PAGE, re.DOTALL)
    release, _, install, start = block.splitlines()
    assert release == "make release"
    assert install.endswith("pip install -c constraints.txt dist/*.whl")
    assert start.rpartition("/")[2] == f"{Path(cloud.command([])[0]).name} up --demo"


def test_the_demo_runs_from_the_wheels(cloud_bin: Path, cloud: Installed) -> None:
    shown = cloud.wait_for_line(lambda line: "simulate_glasses --demo" in line)
    assert shown.split()[0] == str(cloud_bin / "glasses-cloud")
    see(cloud_bin, cloud, "--demo", until="Press the button or say something")
    assert (cloud.folder / "var" / "mentra.sqlite3").exists()
    assert b"/static/" in cloud.get("/accounts/login/")
    assert cloud.get("/static/consoles/console.css")


def test_an_app_with_nothing_but_the_sdk_says_hello(
    cloud_bin: Path, sdk_bin: Path, cloud: Installed, tmp_path: Path
) -> None:
    # The first of the README's programs is whole; the others are about web applications around it.
    program = README.split("```python\n")[1].partition("```")[0]
    port = free_port()
    (tmp_path / "hello.py").write_text(program.replace("com.example.hello", APP).replace("3000", str(port)))
    created = say(cloud_bin, cloud, "create_app", APP, "--url", f"http://127.0.0.1:{port}")
    say(cloud_bin, cloud, "install_app", APP, "--user", USER)
    api_key = json.loads(created)["apiKey"]

    with (tmp_path / "app.log").open("wb") as log:
        app = subprocess.Popen(
            [str(sdk_bin / "python"), "hello.py"],
            cwd=tmp_path,
            env={**environment(), "API_KEY": api_key},
            stdout=log,
            stderr=log,
        )
    try:
        wait_until(lambda: listens(port) or app.poll() is not None, START_SECONDS)
        see(cloud_bin, cloud, "--user", USER, "--start", APP, until="Hello, glasses!")
    finally:
        app.terminate()
        app.wait(20)


def see(cloud_bin: Path, cloud: Installed, *options: str, until: str) -> None:
    """Put on simulated glasses until they show some words; fail when they are taken off before."""
    glasses = subprocess.Popen(
        [str(cloud_bin / "glasses-cloud"), "simulate_glasses", *options],
        cwd=cloud.folder,
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    )
    watchdog = threading.Timer(START_SECONDS, glasses.kill)
    watchdog.start()
    shown = []
    assert glasses.stdout is not None
    with glasses:
        for line in glasses.stdout:
            shown.append(line)
            if until in line:
                break
        watchdog.cancel()
        glasses.kill()
    assert shown
    assert until in shown[-1], "".join([*shown, cloud.transcript()])


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
