"""Moonshine tiny, the light engine: English only, with less memory and work than Whisper; its model is in its wheel."""

import importlib.util
from collections.abc import Iterable, Iterator
from functools import partial
from queue import SimpleQueue
from typing import Any, Final

from django.conf import settings

from sessions_app.speech.engine import Heard
from sessions_app.speech.engines.local_engine import (
    NOT_INSTALLED,
    LocalEngine,
    Model,
    ModelMissing,
    ModelUnusable,
)
from sessions_app.speech.engines.local_recognizer import Found
from sessions_app.speech.languages import plain_language
from sessions_app.speech.wire import SAMPLE_RATE, RecognizerWish

NAME: Final = "moonshine"
ENGLISH: Final = "en"
INTERIM_SECONDS: Final = 0.5
_MODEL: Final = "tiny-en"
_MODEL_FILES: Final = ("encoder_model.ort", "decoder_model_merged.ort", "tokenizer.bin")
_PACKAGES: Final = ("moonshine_voice", "numpy")
# The worker found the utterance already: it is not searched for speech again, nor cut.
_OPTIONS: Final = {"vad_threshold": "0", "vad_max_segment_duration": "30", "return_audio_data": "false"}


def make_engine() -> LocalEngine:
    """Return the engine with the threads that settings give it."""
    threads = int(settings.SPEECH_THREADS)
    load = partial(load_model, threads)
    return LocalEngine(NAME, load, threads, interim_seconds=INTERIM_SECONDS, languages=(ENGLISH,))


def load_model(threads: int) -> Model:
    """Return the model in the wheel; blocks. Raises ModelMissing and ModelUnusable.

    It is loaded once for each thread: a transcriber that two threads call at once mixes up what they get.
    """
    if any(importlib.util.find_spec(name) is None for name in _PACKAGES):
        raise ModelMissing(NOT_INSTALLED)
    from moonshine_voice import ModelArch, Transcriber, get_model_path

    folder = get_model_path(_MODEL)
    missing = [name for name in _MODEL_FILES if not (folder / name).is_file()]
    if missing:
        raise ModelUnusable(
            f"moonshine-voice is installed without its model ({', '.join(missing)}); install moonshine-voice==0.1.0"
        )
    transcribers = [Transcriber(folder, ModelArch.TINY, options=_OPTIONS) for _ in range(max(1, threads))]
    free: SimpleQueue[Any] = SimpleQueue()
    for transcriber in transcribers:
        free.put(transcriber)
    return Model(
        title="Moonshine tiny",
        new_reader=lambda: MoonshineReader(free),
        speaks=lambda setting: plain_language(setting) == ENGLISH,
        languages=(ENGLISH,),
        close=partial(_close, transcribers),
    )


def _close(transcribers: Iterable[Any]) -> None:
    for transcriber in transcribers:
        transcriber.close()


class MoonshineReader:
    """Reads all of an utterance each time: the model is quick, and keeps nothing that would have to be let go."""

    def __init__(self, free: SimpleQueue[Any]) -> None:
        self._free = free

    def read(self, utterance: str, sound: bytes, wish: RecognizerWish, *, is_final: bool) -> Iterator[Found]:
        """Yield the words."""
        import numpy as np

        samples = np.frombuffer(sound, "<i2").astype(np.float32) / 32768.0
        transcriber = self._free.get()
        try:
            lines = transcriber.transcribe_without_streaming(samples.tolist(), SAMPLE_RATE).lines
        finally:
            self._free.put(transcriber)
        text = " ".join(line.text.strip() for line in lines if line.text.strip())
        yield Found(Heard(text, is_final, wish.setting))
