"""What was said and what it means, as lines. Pure: knows text, no session and no clock."""

from mentra_sdk.captions import Captions
from mentra_sdk.text import wrap

COLUMNS = 40
QUOTE = "› "


class Conversation:
    """The latest translations, with what was said last above them where that is wanted."""

    def __init__(self, rows: int, *, with_original: bool) -> None:
        self.rows = rows
        self.with_original = with_original
        self._translations = Captions(rows, COLUMNS)
        self._original = ""

    def hear(self, name: str | None, text: str, original: str, *, is_final: bool) -> None:
        """Take over what an utterance means by now, and how it was said; `name` is the same from first to last."""
        self._translations.hear(name, text, is_final=is_final)
        self._original = original or self._original

    def clear(self) -> None:
        """Forget everything."""
        self._translations.clear()
        self._original = ""

    def lines(self) -> list[str]:
        """Return the lines to show, the newest last; a single line is for the translation."""
        spoken = wrap(self._original, COLUMNS - len(QUOTE)) if self.with_original and self.rows > 1 else []
        self._translations.rows = self.rows - bool(spoken)
        lines = self._translations.lines()
        return [QUOTE + spoken[-1], *lines] if spoken and lines else lines
