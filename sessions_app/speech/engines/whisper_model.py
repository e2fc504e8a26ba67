"""A Whisper model: sound to numbers, numbers to languages and words. Blocks; knows no event loop.

The model always hears 30 seconds; but its encoder, which costs most, takes less as well. Sound is encoded once and
then read as often as needed: for the language, the words, their English.
"""

from dataclasses import dataclass
from typing import Any, Final

import ctranslate2
import numpy as np
import tokenizers
from faster_whisper.feature_extractor import FeatureExtractor

from sessions_app.speech.engines.whisper_files import ModelFiles
from sessions_app.speech.engines.whisper_rules import is_repetitive
from sessions_app.speech.wire import SAMPLE_BYTES, SAMPLE_RATE

MOST_SECONDS: Final = 30.0
_FRAMES_A_SECOND: Final = 100
# The encoder must hear some silence after the words, or the last of them are said twice. With ten seconds of it the
# words were as right as with the full 30, for less than half of the work.
_QUICK_SILENCE_SECONDS: Final = 4.0
_THOROUGH_SILENCE_SECONDS: Final = 10.0
_TOKENS_A_SECOND: Final = 7
_TOKENS_AT_LEAST: Final = 16
_MOST_VOCABULARY_TOKENS: Final = 100
_MOST_TOKENS_BEFORE: Final = 60
_MOST_TOKENS: Final = 448
_THOROUGH_BEAMS: Final = 5
_NO_REPEATED_TOKENS: Final = 4
_TRANSCRIBE, _TRANSLATE = "<|transcribe|>", "<|translate|>"


@dataclass(frozen=True, slots=True)
class Encoded:
    """Sound as the model hears it; `is_quick` when it may be read quickly too."""

    numbers: Any
    seconds: float
    is_quick: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """Words that the model reads from sound; the mean log probability of their parts, and of nobody speaking."""

    text: str
    log_probability: float
    no_speech: float


class WhisperModel:
    """One model, shared by all threads."""

    def __init__(self, files: ModelFiles, threads: int) -> None:
        self._model: Any = ctranslate2.models.Whisper(
            str(files.folder or files.name),
            device="cpu",
            compute_type="int8",
            inter_threads=threads,
            intra_threads=1,
            files=files.content or None,
        )
        self._tokenizer: Any = tokenizers.Tokenizer.from_buffer(files.tokenizer)
        self._features: Any = FeatureExtractor(feature_size=self._model.n_mels)
        self._end = self._token("<|endoftext|>")

    @property
    def is_multilingual(self) -> bool:
        """Whether it knows more than English."""
        return bool(self._model.is_multilingual)

    def knows(self, language: str) -> bool:
        """Whether it recognises a language, by Whisper's own code."""
        if not self.is_multilingual:
            return language == "en"
        return self._tokenizer.token_to_id(f"<|{language}|>") is not None

    def encode(self, samples: bytes, *, is_quick: bool) -> Encoded:
        """Hear PCM16; quickly for words that will be heard again, thoroughly for those that stay."""
        sound = np.frombuffer(samples[-int(MOST_SECONDS * SAMPLE_RATE) * SAMPLE_BYTES :], "<i2")
        seconds = len(sound) / SAMPLE_RATE
        silence = _QUICK_SILENCE_SECONDS if is_quick else _THOROUGH_SILENCE_SECONDS
        window = min(MOST_SECONDS, seconds + silence)
        spectrum = self._spectrum(sound.astype(np.float32) / 32768.0, int(window * _FRAMES_A_SECOND))
        return Encoded(self._model.encode(ctranslate2.StorageView.from_array(spectrum)), seconds, is_quick)

    def odds_of_languages(self, encoded: Encoded) -> dict[str, float]:
        """Return how likely each language is, by Whisper's own codes."""
        if not self.is_multilingual:
            return {"en": 1.0}
        found = self._model.detect_language(encoded.numbers)[0]
        return {token.strip("<|>"): probability for token, probability in found}

    def read(
        self,
        encoded: Encoded,
        language: str,
        *,
        in_english: bool = False,
        vocabulary: str = "",
        before: str = "",
    ) -> Reading:
        """Return the words, or their English.

        Words of `vocabulary` become likelier; `before` is what was said just before.
        """
        prompt = [
            *self._tokens(vocabulary)[:_MOST_VOCABULARY_TOKENS],
            *self._tokens(before)[-_MOST_TOKENS_BEFORE:],
        ]
        start = self._start_tokens(language, in_english, prompt)
        reading = self._generate(encoded, start, no_repeat_ngram_size=0)
        if is_repetitive(reading.text):
            return self._generate(encoded, start, no_repeat_ngram_size=_NO_REPEATED_TOKENS)
        return reading

    def _generate(self, encoded: Encoded, start: list[int], no_repeat_ngram_size: int) -> Reading:
        most = len(start) + _TOKENS_AT_LEAST + int(_TOKENS_A_SECOND * encoded.seconds)
        result = self._model.generate(
            encoded.numbers,
            [start],
            beam_size=1 if encoded.is_quick else _THOROUGH_BEAMS,
            max_length=min(most, _MOST_TOKENS),
            no_repeat_ngram_size=no_repeat_ngram_size,
            return_scores=True,
            return_no_speech_prob=True,
        )[0]
        tokens = [token for token in result.sequences_ids[0] if token < self._end]
        text = self._tokenizer.decode(tokens).strip()
        return Reading(text, float(result.scores[0]), float(result.no_speech_prob))

    def _spectrum(self, sound: Any, frames: int) -> Any:
        """Return the log-Mel spectrum, filled up to `frames` with what silence looks like."""
        heard = self._features(sound)[:, :frames]
        silence = heard.max() - 2.0 if heard.size else 0.0
        spectrum = np.full((1, heard.shape[0], frames), silence, dtype=np.float32)
        spectrum[0, :, : heard.shape[1]] = heard
        return spectrum

    def _start_tokens(self, language: str, in_english: bool, prompt: list[int]) -> list[int]:
        tokens = [self._token("<|startofprev|>"), *prompt] if prompt else []
        tokens.append(self._token("<|startoftranscript|>"))
        if self.is_multilingual:
            tokens.append(self._token(f"<|{language}|>"))
            tokens.append(self._token(_TRANSLATE if in_english else _TRANSCRIBE))
        tokens.append(self._token("<|notimestamps|>"))
        return tokens

    def _tokens(self, text: str) -> list[int]:
        return list(self._tokenizer.encode(f" {text}", add_special_tokens=False).ids) if text else []

    def _token(self, name: str) -> int:
        return int(self._tokenizer.token_to_id(name))
