"""Languages are guessed by script and small words; what cannot be told is English."""

import pytest

from sessions_app.speech.voices.guessing import guess_language, scripts_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The next train leaves at nine.", "en"),
        ("Wo ist der nächste Bahnhof?", "de"),
        ("Où est la gare? Je ne suis pas d'ici.", "fr"),
        ("¿Dónde está la estación de tren?", "es"),
        ("Onde é que fica a estação do trem?", "pt"),
        ("Dove sono le valigie? Non lo so.", "it"),
        ("Waar is het station en hoe laat is het?", "nl"),
        ("Привет, как дела?", "ru"),
        ("Привіт, як твої справи? Її немає.", "uk"),
        ("Πού είναι ο σταθμός;", "el"),
        ("駅はどこですか", "ja"),
        ("車站在哪裡", "zh"),
        ("역이 어디예요?", "ko"),
        ("स्टेशन कहाँ है?", "hi"),
        ("أين المحطة؟", "ar"),
        ("ایستگاه کجاست؟ پنج", "fa"),
        ("café", "en"),
        ("42 + 7 = ?", "en"),
        ("", "en"),
    ],
)
def test_a_text_tells_its_language(text: str, language: str) -> None:
    assert guess_language(text) == language


def test_letters_are_counted_by_script() -> None:
    assert scripts_of("Hi, 世界! 7") == {"LATIN": 2, "CJK": 2}
