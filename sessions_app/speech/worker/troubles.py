"""What is wrong with one recogniser and its translations now: told when it begins and when it is over."""

from collections.abc import Callable, Iterable

from sessions_app.speech.engine import EngineTrouble


class Troubles:
    """Knows the trouble of each target; the words themselves are the target ""."""

    def __init__(self, tell: Callable[[str, EngineTrouble], None], tell_over: Callable[[str], None]) -> None:
        self._tell = tell
        self._tell_over = tell_over
        self._now: dict[str, EngineTrouble] = {}

    def begin(self, target: str, trouble: EngineTrouble) -> None:
        """Tell it, unless it was told."""
        known = self._now.get(target)
        if known is not None and known.code == trouble.code:
            return
        self._now[target] = trouble
        self._tell(target, trouble)

    def end(self, target: str) -> None:
        """Tell that it works again, if it did not."""
        if self._now.pop(target, None) is not None:
            self._tell_over(target)

    def keep_only(self, targets: Iterable[str]) -> None:
        """Forget those of targets nobody wants any more."""
        kept = set(targets)
        self._now = {target: trouble for target, trouble in self._now.items() if target in kept}

    def tell_again(self) -> None:
        """Tell all of them to a node that does not know them."""
        for target, trouble in self._now.items():
            self._tell(target, trouble)
