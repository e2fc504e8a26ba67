"""Speech as the lines of a display. Pure: knows text, no session and no clock.

Each utterance begins a line of its own. The newest is at the bottom and changes in place while it is spoken; when the
lines do not suffice, the oldest leave at the top.
"""

from dataclasses import dataclass

from mentra_sdk.text import wrap

COLUMNS = 40
UNNAMED = ""


@dataclass
class Utterance:
    """What somebody says without a pause; `name` is the same from its first words to its last."""

    name: str
    text: str
    is_final: bool = False


class Captions:
    """The latest utterances, as the lines of a display."""

    def __init__(self, rows: int, columns: int = COLUMNS) -> None:
        self.rows = rows
        self._columns = columns
        self._utterances: list[Utterance] = []

    def hear(self, name: str | None, text: str, *, is_final: bool) -> None:
        """Take over what an utterance is known to be by now; a final text without words takes it away."""
        utterance = self._find(name or UNNAMED)
        if utterance.is_final:
            return
        utterance.text, utterance.is_final = " ".join(text.split()), is_final
        if utterance.text or not is_final:
            self._utterances = self._utterances[-self.rows :]
        else:
            self._utterances.remove(utterance)

    def clear(self) -> None:
        """Forget everything."""
        self._utterances.clear()

    def lines(self) -> list[str]:
        """Return the lines to show, the newest last."""
        lines = [line for each in self._utterances if each.text for line in wrap(each.text, self._columns)]
        return lines[-self.rows :]

    def _find(self, name: str) -> Utterance:
        """Return the utterance of this name; one without a name is under way until it is final."""
        for known in reversed(self._utterances):
            if known.name == name and not (name == UNNAMED and known.is_final):
                return known
        begun = Utterance(name, "")
        self._utterances.append(begun)
        return begun
