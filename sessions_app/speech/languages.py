"""Languages without their countries, and which translations a set of pairs makes possible. Pure: knows no engine."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from babel.core import get_global

from sessions_app.speech.engine import ANY_LANGUAGE

AUTO: Final = "auto"
# Written Norwegian is Bokmål unless it says otherwise, and recognisers call it `no`; Whisper calls Javanese `jw`.
_ALSO_CALLED: Final = {"nb": "no", "jw": "jv"}


@lru_cache(maxsize=1_000)
def plain_language(code: str) -> str:
    """Return a language without country and script: `pt` of `pt-BR` and of `por`; `auto` and `*` stay."""
    first = code.strip().replace("_", "-").split("-")[0].lower()
    short = get_global("language_aliases").get(first) or first
    plain = short.split("_")[0]
    return _ALSO_CALLED.get(plain, plain)


def pair_name(source: str, target: str) -> str:
    """Return a pair as the register and error texts write it."""
    return f"{source}-{target}"


def can_translate(pairs: Iterable[str], source: str, target: str) -> bool:
    """Whether `pairs` (`en-pt`, `*-en`) make a subscription worth taking.

    Of any language into the target: when at least one language can be translated; others fail when they are heard.
    """
    wanted, goal = plain_language(source), plain_language(target)
    if wanted == goal:
        return True
    served = {pair.rpartition("-")[0] for pair in pairs if pair.rpartition("-")[2] == goal}
    return bool(served) if wanted in (AUTO, ANY_LANGUAGE) else not served.isdisjoint({wanted, ANY_LANGUAGE})
