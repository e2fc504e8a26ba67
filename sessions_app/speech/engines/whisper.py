"""Whisper on this machine's processors, the default engine: 99 languages, and anything said into English."""

from functools import partial
from typing import Final

from django.conf import settings

from sessions_app.speech.engine import ANY_LANGUAGE
from sessions_app.speech.engines.local_engine import NOT_INSTALLED, LocalEngine, Model, ModelMissing
from sessions_app.speech.engines.whisper_files import find_missing_packages, read_model_files
from sessions_app.speech.engines.whisper_reader import WhisperReader
from sessions_app.speech.engines.whisper_rules import AUTO, ENGLISH, whisper_code

NAME: Final = "whisper"


def make_engine() -> LocalEngine:
    """Return the engine with the model and the threads that settings give it."""
    threads = int(settings.SPEECH_THREADS)
    load = partial(load_model, str(settings.SPEECH_MODEL_DIR), threads)
    return LocalEngine(NAME, load, threads, translates_to=frozenset({ENGLISH}))


def load_model(model_dir: str, threads: int) -> Model:
    """Return the model of a folder, or the base model when `model_dir` is empty; blocks for seconds.

    Raises ModelMissing and ModelUnusable.
    """
    if find_missing_packages(model_dir):
        raise ModelMissing(NOT_INSTALLED)
    from sessions_app.speech.engines.whisper_model import WhisperModel

    files = read_model_files(model_dir)
    whisper = WhisperModel(files, threads)
    return Model(
        title=f"Whisper {files.name}",
        new_reader=lambda: WhisperReader(whisper),
        speaks=lambda setting: setting == AUTO or whisper.knows(whisper_code(setting)),
        languages=(ANY_LANGUAGE,) if whisper.is_multilingual else (ENGLISH,),
        translates_to=frozenset({ENGLISH} if whisper.is_multilingual else ()),
    )
