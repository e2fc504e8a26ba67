"""Which results of recognisers are new: sound that a second worker hears again must not be words twice. Pure."""

from collections import OrderedDict
from typing import Final

from sessions_app.speech.wire import SAMPLES_A_MILLISECOND, TranslatedWords, Words

MOST_NAMES: Final = 256
MOST_OPEN: Final = 64

Result = Words | TranslatedWords
# Utterances of recognisers and their translations: (setting, target or "", utterance).
Names = OrderedDict[tuple[str, str, str], None]


class HeardWords:
    """What was heard of the recognisers of a session. `last` is the number of the last final words."""

    def __init__(self) -> None:
        self.last = 0
        self._shown: Names = OrderedDict()
        self._finished: Names = OrderedDict()
        self._until: dict[tuple[str, str], int] = {}
        self._open: OrderedDict[str, int] = OrderedDict()
        self._settled = ""
        self._heard_again_before = 0

    @property
    def utterance(self) -> str:
        """The name of the utterance that is under way where unsettled sound begins, "" for none."""
        return self._settled or next(iter(self._open), "")

    def is_new(self, result: Result) -> bool:
        """Take a result; say whether apps should have it."""
        stream = (result.setting, result.target if isinstance(result, TranslatedWords) else "")
        if result.is_final and result.number:
            if result.number <= self.last:
                return False
            self.last = result.number
        name = (*stream, result.utterance)
        if name in self._finished or self._is_repeated(stream, result):
            return False
        self._open.setdefault(result.utterance, result.start)
        while len(self._open) > MOST_OPEN:
            self._open.popitem(last=False)
        if not result.is_final:
            _remember(self._shown, name)
            return True
        self._until[stream] = max(result.end, self._until.get(stream, 0))
        _remember(self._finished, name)
        # What sounded like speech was none: only those who saw something of it have to know.
        return bool(result.text) or name in self._shown

    def settled(self, position: int, utterance: str) -> None:
        """Nothing before `position` is heard again; `utterance` is under way there."""
        self._settled = utterance
        for name, start in list(self._open.items()):
            if name != utterance and start * SAMPLES_A_MILLISECOND < position:
                del self._open[name]

    def hears_again(self, position: int) -> None:
        """Another worker gets sound from before `position` that the last one had already."""
        self._heard_again_before = position // SAMPLES_A_MILLISECOND

    def forget_others(self, kept: frozenset[str]) -> None:
        """Forget how far recognisers were that are not wanted any more; `kept` are the settings of the others."""
        self._until = {stream: end for stream, end in self._until.items() if stream[0] in kept}

    def _is_repeated(self, stream: tuple[str, str], result: Result) -> bool:
        """Whether words lie, for the better part, where this recogniser had finished before it moved."""
        if result.start >= self._heard_again_before:
            return False
        return result.start + result.end < 2 * self._until.get(stream, 0)


def _remember(names: Names, name: tuple[str, str, str]) -> None:
    names[name] = None
    while len(names) > MOST_NAMES:
        names.popitem(last=False)
