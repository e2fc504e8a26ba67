"""What came of speech: results with their latencies, and what they say of accuracy and speed. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bench.measuring import percentile
from bench.speech_sets import GAP_SECONDS, SpeechSet
from bench.word_errors import count_word_errors, words_of

SAMPLES_A_SECOND = 16_000


@dataclass(frozen=True)
class Result:
    """One interim or final result of an utterance.

    Its voice `begins` and `ends` in seconds of the stream; `latency` is the time since that end was spoken.
    """

    utterance: str
    text: str
    is_final: bool
    begins: float
    ends: float
    latency: float

    @property
    def came(self) -> float:
        """When it was there, in seconds of the stream."""
        return self.ends + self.latency


@dataclass(frozen=True)
class Accuracy:
    """Words that were spoken and those that were wrong."""

    words: int
    errors: int

    @property
    def rate(self) -> float:
        return self.errors / self.words if self.words else 0.0

    def __add__(self, other: "Accuracy") -> "Accuracy":
        return Accuracy(self.words + other.words, self.errors + other.errors)


@dataclass
class Outcome:
    """All results of one person's speech, or of several persons'."""

    results: list[Result] = field(default_factory=list)
    accuracies: dict[str, Accuracy] = field(default_factory=dict)

    def add(self, other: "Outcome") -> None:
        """Count another person in."""
        self.results += other.results
        for name, accuracy in other.accuracies.items():
            self.accuracies[name] = self.accuracies.get(name, Accuracy(0, 0)) + accuracy

    @property
    def overall(self) -> Accuracy:
        return sum(self.accuracies.values(), Accuracy(0, 0))

    def final_ms(self, share: float) -> float:
        """Return within which time after the end of speech the final words of `share` of the utterances were there."""
        return percentile([each.latency for each in self._told(is_final=True)], share) * 1_000

    def first_ms(self, share: float) -> float:
        """Return within which time after the begin of speech the first words of `share` of the utterances came."""
        first: dict[str, float] = {}
        for each in self._told(is_final=False):
            first.setdefault(each.utterance, each.came - each.begins)
        return percentile(list(first.values()), share) * 1_000

    def update_ms(self, share: float) -> float:
        """Return within which time `share` of the interim words were followed by others or the final ones."""
        before: dict[str, float] = {}
        spans = []
        for each in sorted(self.results, key=lambda each: each.came):
            if each.utterance in before:
                spans.append(each.came - before[each.utterance])
            before[each.utterance] = each.came
        return percentile(spans, share) * 1_000

    def _told(self, *, is_final: bool) -> list[Result]:
        told = [each for each in self.results if each.is_final == is_final and each.text]
        return sorted(told, key=lambda each: each.came)


def judge(sets: Sequence[SpeechSet], results: Iterable[Result]) -> Outcome:
    """Compare the final words with those of the sets, which were spoken as `speech_sets.joined` puts them."""
    outcome = Outcome(sorted(results, key=lambda each: each.begins))
    finals = [each for each in outcome.results if each.is_final]
    begins = GAP_SECONDS / 2
    for spoken in sets:
        ends = begins + spoken.seconds + GAP_SECONDS
        heard = " ".join(each.text for each in finals if begins <= (each.begins + each.ends) / 2 < ends)
        errors = count_word_errors(spoken.text, heard)
        outcome.accuracies[spoken.name] = Accuracy(len(words_of(spoken.text)), errors)
        begins = ends
    return outcome
