"""The process of a speech worker where nothing that it needs is installed: it runs, and says how to get it."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[4]
# Packages that only requirements-speech.txt brings are not found.
HIDING = """
from importlib.machinery import PathFinder
find = PathFinder.find_spec
hidden = {"faster_whisper", "numpy", "onnxruntime", "ctranslate2", "tokenizers"}
PathFinder.find_spec = lambda name, *more: None if name.partition(".")[0] in hidden else find(name, *more)
"""


@pytest.fixture
def bare_worker(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A worker without engines, and without Redis."""
    (tmp_path / "sitecustomize.py").write_text(HIDING)
    environment = os.environ | {
        "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}",
        "MENTRA_DATA_DIR": str(tmp_path),
        "REDIS_URL": f"unix://{tmp_path}/nobody.sock",
        "DJANGO_SETTINGS_MODULE": "mentra_site.settings.test",
        "SPEECH_ENGINES": "whisper",
    }
    process = subprocess.Popen(
        [sys.executable, "manage.py", "speech_worker", "--worker-id", "bare"],
        cwd=ROOT,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield process
    process.kill()
    process.communicate()


def test_it_runs_without_engines_and_says_how_to_get_them(bare_worker: subprocess.Popen[str]) -> None:
    said: list[str] = []
    assert bare_worker.stderr is not None
    watchdog = threading.Timer(60, bare_worker.kill)
    watchdog.start()
    for line in bare_worker.stderr:
        said.append(line)
        if "speech engine whisper does not work" in line:
            bare_worker.send_signal(signal.SIGTERM)
    watchdog.cancel()
    everything = "".join(said)

    assert bare_worker.wait(5) == 0, everything
    assert everything.count("The speech engine whisper does not work") == 1
    assert everything.count("Speech is told from noise by its loudness only") == 1
    assert "pip install -r requirements-speech.txt" in everything
    assert "The speech worker bare listens on 127.0.0.1:" in everything
    assert "Traceback" not in everything
