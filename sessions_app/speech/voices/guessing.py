"""Guesses the language of a text nobody named one for: by its script, in Latin script by its small words.

It is a guess: what it cannot tell is English. Pure.
"""

import re
import unicodedata
from collections import Counter
from typing import Final

DEFAULT: Final = "en"
LATIN: Final = "LATIN"
# A script by the first word of its letters' Unicode names, and the language most written in it.
_SCRIPTS: Final = {
    "CYRILLIC": "ru",
    "GREEK": "el",
    "HEBREW": "he",
    "ARABIC": "ar",
    "DEVANAGARI": "hi",
    "BENGALI": "bn",
    "GURMUKHI": "pa",
    "GUJARATI": "gu",
    "TAMIL": "ta",
    "TELUGU": "te",
    "KANNADA": "kn",
    "MALAYALAM": "ml",
    "SINHALA": "si",
    "THAI": "th",
    "GEORGIAN": "ka",
    "ARMENIAN": "hy",
    "ETHIOPIC": "am",
    "HANGUL": "ko",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "CJK": "zh",
}
# Letters that stand in texts of every script: µ, ª, Ω as units, and the like.
_SIGNS: Final = frozenset(
    {"ANGSTROM", "FEMININE", "FULLWIDTH", "KELVIN", "MASCULINE", "MATHEMATICAL", "MICRO", "MODIFIER", "OHM"}
)
# Letters that one language of a script has and the one named above has not.
_OWN_LETTERS: Final = (("CYRILLIC", "uk", "іїєґ"), ("ARABIC", "ur", "ٹڈڑے"), ("ARABIC", "fa", "پچژگ"))
_SMALL_WORDS: Final = {
    "en": "the and is are you of to in it that this for with what my i not have on at was be",
    "de": "der die das und ist nicht ich du sie wir ein eine mit auf den dem zu wie für es von im",
    "fr": "le la les et est pas je tu nous vous un une des du que qui dans pour avec sur au ce",
    "es": "el la los las y es no yo tú un una de que en por para con está muy cómo del se",
    "pt": "o a os as e é não eu você um uma de que em por para com está muito como do da",
    "it": "il lo la gli e è non io tu un una di che in per con sono come del della si",
    "nl": "de het een en is niet ik je wij van in op met voor dat dit zijn naar ook maar",
    "pl": "i w na z nie jest to się że do jak ja ty czy dla od po co tak",
    "sv": "och är det inte jag du vi en ett på med för som att av till har",
    "tr": "ve bir bu ne için ile çok değil ben sen var mı da de",
}
_WORDS_OF: Final = {language: frozenset(words.split()) for language, words in _SMALL_WORDS.items()}


def scripts_of(text: str) -> Counter[str]:
    """Count the letters of each script."""
    named = (unicodedata.name(letter, "?") for letter in text if unicodedata.category(letter)[0] == "L")
    return Counter(script for name in named if (script := name.split(" ")[0]) not in _SIGNS)


def guess_language(text: str) -> str:
    """Return a language code."""
    scripts = scripts_of(text)
    if not scripts:
        return DEFAULT
    if scripts["HIRAGANA"] or scripts["KATAKANA"]:
        return "ja"
    script = scripts.most_common(1)[0][0]
    if script == LATIN:
        return _by_small_words(text)
    for home, language, letters in _OWN_LETTERS:
        if script == home and not set(letters).isdisjoint(text.lower()):
            return language
    return _SCRIPTS.get(script, DEFAULT)


def _by_small_words(text: str) -> str:
    words = re.findall(r"\w+", text.lower())
    found = {language: sum(word in small for word in words) for language, small in _WORDS_OF.items()}
    most = max(found.values())
    best = [language for language, times in found.items() if times == most]
    return best[0] if len(best) == 1 and most > 1 else DEFAULT
