"""Which recogniser setting a language code of a subscription stands for (app-socket §5.2).

Only for the inside: apps always get their own code back. Must not know recognisers.
"""

from functools import lru_cache

from babel.core import get_global

from sessions_app.protocol.streams import ANY_LANGUAGE

_PARTS = 3


@lru_cache(maxsize=1_000)
def recognizer_locale(code: str) -> str:
    """Return the setting a code stands for: `en` and `en-US` share `en-US`; `auto` and unknown codes stay.

    The country of a short code is the likely one of the Unicode locale data.
    """
    likely = get_global("likely_subtags").get(code, "").split("_")
    return f"{code}-{likely[-1]}" if len(likely) == _PARTS else code


def is_same_language(wanted: str, spoken: str) -> bool:
    """Whether `spoken` is what `wanted` asks for; a code without a country fits every country."""
    if wanted in (ANY_LANGUAGE, spoken):
        return True
    wanted_code, _, wanted_country = wanted.replace("_", "-").partition("-")
    spoken_code, _, spoken_country = spoken.replace("_", "-").partition("-")
    if wanted_code.lower() != spoken_code.lower():
        return False
    return not wanted_country or not spoken_country or wanted_country.lower() == spoken_country.lower()
