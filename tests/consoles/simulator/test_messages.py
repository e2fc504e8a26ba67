"""The page's own modules, run by Node: each message they build is one of the wire's golden samples."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders

from tests.support.samples import list_samples

PROGRAM = Path(__file__).with_name("build_messages.mjs")
MODULES = ("messages.js", "hardware.js")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the modules build, by the name of the sample; skips where there is no Node."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("messages of the glasses in the browser skipped: no node on PATH")
    folder = tmp_path_factory.mktemp("modules")
    (folder / "package.json").write_text('{"type": "module"}')
    for name in MODULES:
        shutil.copy(str(finders.find(f"consoles/simulator/{name}")), folder)
    program = shutil.copy(PROGRAM, folder)
    done = subprocess.run([node, program], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr
    messages: dict[str, Any] = json.loads(done.stdout)
    return messages


def test_every_message_of_the_page_is_a_golden_sample(built: dict[str, Any]) -> None:
    samples = {sample.name: json.loads(sample.text) for sample in list_samples("glasses_to_cloud")}
    assert built == {name: samples.get(name) for name in built}


def test_no_function_of_the_module_is_left_out() -> None:
    module = Path(str(finders.find("consoles/simulator/messages.js"))).read_text(encoding="utf-8")
    program = PROGRAM.read_text(encoding="utf-8")
    builders = re.findall(r"^export (?:const|function) ([a-z]\w+)", module, re.MULTILINE)
    through_hardware = {"photoResponse", "audioPlayResponse", "streamStatus", "keepAliveAck"}
    assert [name for name in builders if name not in through_hardware and f".{name}(" not in program] == []


def test_messages_are_built_nowhere_else() -> None:
    folder = Path(str(finders.find("consoles/simulator/messages.js"))).parent
    other = [path.name for path in folder.glob("*.js") if 'type: "' in path.read_text(encoding="utf-8")]
    assert set(other) <= {"messages.js", "pictures.js"}
