"""What Whisper's readings are worth, and how its languages are called. Pure: knows no model."""

import math
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

AUTO: Final = "auto"
ENGLISH: Final = "en"
# Names of languages in settings that Whisper calls otherwise.
_WHISPER_CALLS: Final = {
    "cmn": "zh",
    "fil": "tl",
    "in": "id",
    "iw": "he",
    "ji": "yi",
    "jv": "jw",
    "nb": "no",
    "zsm": "ms",
}
_IS_CALLED: Final = {"jw": "jv"}
# A reading this unlikely is noise that was taken for words, also a likelier one where the model doubts that anybody
# spoke. Measured: words of people are above -1.2 and 0.1, what is read from hum, noise, tones and silence below -1.5
# and above 0.5.
_LEAST_LOG_PROBABILITY: Final = -1.4
_LEAST_WHERE_IN_DOUBT: Final = -0.5
_DOUBT: Final = 0.5
# Text that compresses better than this says the same again and again.
_MOST_COMPRESSION: Final = 2.4
# What the language of the words before is worth, against the others, when the next words are not clear.
_SAME_LANGUAGE_AGAIN: Final = 3.0


def whisper_code(setting: str) -> str:
    """Return Whisper's code of a language setting or hint (`pt` of `pt-BR`), "" of `auto`."""
    code = setting.replace("_", "-").partition("-")[0].lower()
    return "" if code == AUTO else _WHISPER_CALLS.get(code, code)


def usual_code(code: str) -> str:
    """Return the usual code of a language that Whisper named."""
    return _IS_CALLED.get(code, code)


def choose_language(odds: Mapping[str, float], among: Iterable[str], before: str) -> tuple[str, float]:
    """Return the likeliest language and how sure that is, 0–1.

    With `among`, one of these; `before` is the language of what was said just before, "" if nothing was.
    """
    wanted = frozenset(among) & odds.keys() or odds.keys()
    weighed = {code: odds[code] * (_SAME_LANGUAGE_AGAIN if code == before else 1.0) for code in wanted}
    code = max(weighed, key=lambda each: weighed[each])
    total = sum(weighed.values())
    return code, weighed[code] / total if total else 0.0


def is_nothing(text: str, log_probability: float, no_speech: float) -> bool:
    """Whether a reading is what Whisper makes of sound in which nobody speaks."""
    if not any(letter.isalnum() for letter in text):
        return True
    least = _LEAST_WHERE_IN_DOUBT if no_speech > _DOUBT else _LEAST_LOG_PROBABILITY
    return log_probability < least


def is_repetitive(text: str) -> bool:
    """Whether the text says the same again and again, which Whisper does when it lost the thread."""
    plain = text.encode()
    return len(plain) / len(zlib.compress(plain)) > _MOST_COMPRESSION


def confidence_of(log_probability: float) -> float:
    """Return the mean probability of the words' parts, 0–1, from the mean of its logarithm."""
    return round(math.exp(min(0.0, log_probability)), 2)


def prompt_of(vocabulary: Sequence[str]) -> str:
    """Return the text before the sound that makes unusual words likelier, "" for none.

    It is a whole sentence; an open end made the model go on with it and overlook the words.
    """
    words = [word.strip() for word in vocabulary if word.strip()]
    return f"{', '.join(words)}." if words else ""
