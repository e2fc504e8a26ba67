"""How likely it is that somebody speaks, window by window: by the Silero model, or by loudness where there is none.

The model steps through the windows of one voice, so windows of different channels cannot go into one inference;
several windows of the same channel can, which costs less than each alone. Runs in a thread of its own.
"""

import importlib.util
import logging
from array import array
from pathlib import Path
from typing import Any, Protocol

from sessions_app.speech.engines.local_engine import NOT_INSTALLED
from sessions_app.speech.worker.intake import WINDOW_BYTES, WINDOW_SAMPLES

logger = logging.getLogger(__name__)

# Below this no speech can be: -60 dB. Such windows cost nothing.
_SILENT = 32
_LEAST_LOUDNESS = 250.0
_TIMES_THE_FLOOR = 4.0
_FLOOR_FALLS, _FLOOR_RISES, _FLOOR_RISES_UNDER_SPEECH = 0.2, 0.05, 0.002
_CONTEXT_SAMPLES = 64
_STATE_SHAPE = (1, 1, 128)


class Ear(Protocol):
    """Listens to one channel."""

    def judge(self, samples: bytes) -> list[float]:
        """Return the likelihood of speech for each window; the last one may be shorter."""

    def reset(self) -> None:
        """Forget what was heard before: the sound goes on elsewhere."""


class Detector(Protocol):
    """Makes ears."""

    name: str

    def new_ear(self) -> Ear:
        """Return an ear for one channel."""


def make_detector(name: str) -> Detector:
    """Return the detector of a name; without its model the one that goes by loudness."""
    if name == EnergyDetector.name:
        return EnergyDetector()
    try:
        return SileroDetector()
    except (ImportError, FileNotFoundError) as problem:
        logger.warning(
            "Speech is told from noise by its loudness only, because the model for it is missing (%s). %s.",
            problem,
            NOT_INSTALLED,
        )
        return EnergyDetector()


class EnergyDetector:
    """Takes for speech what is much louder than the quietest sound of the last seconds."""

    name = "energy"

    def new_ear(self) -> Ear:
        return _EnergyEar()


class _EnergyEar:
    def __init__(self) -> None:
        self._floor = _LEAST_LOUDNESS / _TIMES_THE_FLOOR

    def judge(self, samples: bytes) -> list[float]:
        return [
            self._judge_window(array("h", samples[begin : begin + WINDOW_BYTES]))
            for begin in range(0, len(samples), WINDOW_BYTES)
        ]

    def reset(self) -> None:
        self._floor = _LEAST_LOUDNESS / _TIMES_THE_FLOOR

    def _judge_window(self, window: "array[int]") -> float:
        loudness = sum(map(abs, window)) / max(1, len(window))
        is_speech = loudness > max(_LEAST_LOUDNESS, _TIMES_THE_FLOOR * self._floor)
        rises = _FLOOR_RISES_UNDER_SPEECH if is_speech else _FLOOR_RISES
        self._floor += (loudness - self._floor) * (_FLOOR_FALLS if loudness < self._floor else rises)
        return 1.0 if is_speech else 0.0


class SileroDetector:
    """One model for all ears, on one thread of the caller."""

    name = "silero"

    def __init__(self) -> None:
        import numpy
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._model: Any = onnxruntime.InferenceSession(
            str(_find_model()), options, providers=["CPUExecutionProvider"]
        )
        self._numpy: Any = numpy

    def new_ear(self) -> Ear:
        return _SileroEar(self._model, self._numpy)


class _SileroEar:
    def __init__(self, model: Any, numpy: Any) -> None:
        self._model = model
        self._numpy = numpy
        self._nothing = numpy.zeros(_STATE_SHAPE, numpy.float32)
        self.reset()

    def reset(self) -> None:
        self._hidden = self._cell = self._nothing
        self._context = self._numpy.zeros(_CONTEXT_SAMPLES, self._numpy.float32)

    def judge(self, samples: bytes) -> list[float]:
        numpy = self._numpy
        samples += bytes(-len(samples) % WINDOW_BYTES)
        heard = numpy.frombuffer(samples, "<i2")
        count = len(heard) // WINDOW_SAMPLES
        if not len(heard) or max(int(heard.max()), -int(heard.min())) <= _SILENT:
            self._context = self._context * 0
            return [0.0] * count
        sound = numpy.concatenate((self._context, heard.astype(numpy.float32) / 32768))
        windows = numpy.lib.stride_tricks.sliding_window_view(sound, WINDOW_SAMPLES + _CONTEXT_SAMPLES)
        answer = self._model.run(
            None,
            {
                "input": numpy.ascontiguousarray(windows[::WINDOW_SAMPLES]),
                "h": self._hidden,
                "c": self._cell,
            },
        )
        probabilities, self._hidden, self._cell = answer
        self._context = sound[-_CONTEXT_SAMPLES:]
        return [float(each) for each in probabilities.ravel()]


def _find_model() -> Path:
    """Return the model's file, which comes with faster-whisper; that package itself need not be loaded for it."""
    found = importlib.util.find_spec("faster_whisper")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("No module named 'faster_whisper'")
    path = Path(found.origin).parent / "assets" / "silero_vad_v6.onnx"
    if not path.exists():
        raise FileNotFoundError(path)
    return path
