"""How many watch: whoever fetched a list lately. Players fetch one every few seconds. Pure."""

from typing import Final

# Longer than a segment, so that a player that waits for the next one is still there.
LATELY_SECONDS: Final = 12.0
_MOST_KNOWN: Final = 20_000


class Viewers:
    """Who watches what; `who` is anything that tells players apart."""

    def __init__(self) -> None:
        self._seen: dict[str, dict[str, float]] = {}

    def saw(self, input_id: str, who: str, now: float) -> None:
        """Note that somebody fetched a list, at a time of a steady clock in seconds."""
        known = self._seen.setdefault(input_id, {})
        if who in known or len(known) < _MOST_KNOWN:
            known[who] = now

    def count(self, input_id: str, now: float) -> int:
        """Return how many watch, and forget who does no more."""
        lately = {who: at for who, at in self._seen.get(input_id, {}).items() if now - at <= LATELY_SECONDS}
        self._seen[input_id] = lately
        return len(lately)

    def forget(self, input_id: str) -> None:
        """Forget an input."""
        self._seen.pop(input_id, None)
