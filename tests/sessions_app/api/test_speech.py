"""Who may have a text read aloud, what is refused before and how; that sound comes while it is made is a scenario."""

from collections.abc import AsyncGenerator
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.http import HttpResponse
from django.test import AsyncClient, Client

from accounts.limits import LIMITS, Limit
from sessions_app.api import speech
from sessions_app.speech.links import link_for_phone
from sessions_app.speech.node.speaking import CannotSpeak
from sessions_app.speech.wire import Speak
from tests.support.personas import ADA, CAPTIONS, make_app, make_token, make_user

pytestmark = pytest.mark.django_db
NO_SETTINGS = "voice_settings is no JSON object of numbers"


class Reader:
    """Stands for the speech workers: reads each word as one piece, or refuses before or after the first."""

    def __init__(self) -> None:
        self.wishes: list[Speak] = []
        self.refusal: CannotSpeak | None = None
        self.breaks_after_first = False

    async def speak(self, wish: Speak) -> AsyncGenerator[bytes, None]:
        self.wishes.append(wish)
        if self.refusal is not None and not self.breaks_after_first:
            raise self.refusal
        for word in wish.text.split():
            yield word.encode()
            if self.refusal is not None:
                raise self.refusal


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Reader:
    stand_in = Reader()
    monkeypatch.setattr(speech, "speech_workers", stand_in)
    return stand_in


def get(query: Any, token: str | None = None, path: str = "/api/tts", method: str = "get") -> Any:
    headers = (
        {"authorization": f"Bearer {make_token(ADA) if token is None else token}"} if token != "" else {}
    )
    return getattr(Client(), method)(path, query, headers=headers)


def hear(path: str, query: Any = None, token: str = "") -> tuple[Any, bytes]:
    """Ask as get() does, but in an event loop, as a node does; return the answer and its sound."""

    async def ask() -> tuple[Any, bytes]:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        answer: Any = await AsyncClient().get(path, query, headers=headers)
        return answer, b"".join([piece async for piece in answer.streaming_content])

    return async_to_sync(ask)()


def refusal_of(answer: HttpResponse) -> tuple[int, str]:
    said = answer.json()  # type: ignore[attr-defined]
    assert said.get("success", False) is False
    return answer.status_code, said["message"]


@pytest.mark.parametrize("path", ["/api/tts", "/api/audio/tts"])
def test_a_text_comes_as_mp3(reader: Reader, path: str) -> None:
    answer, sound = hear(path, {"text": " Hello you "}, make_token(ADA))

    assert (answer.status_code, sound) == (200, b"Helloyou")
    assert answer["Content-Type"] == "audio/mpeg"
    assert "Content-Length" not in answer
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Accept-Ranges"] == "none"
    assert reader.wishes == [Speak(0, "Hello you")]


def test_all_that_is_wished_reaches_the_voice(reader: Reader) -> None:
    settings = '{"stability":0.4,"similarity_boost":1,"style":null,"speed":1.2,"use_speaker_boost":true}'
    get(
        {
            "text": "Olá",
            "language": "pt-BR",
            "voice_id": "v",
            "model_id": "eleven_flash_v2_5",
            "voice_settings": settings,
        }
    )

    assert reader.wishes == [Speak(0, "Olá", "pt-BR", "v", "eleven_flash_v2_5", 0.4, 1.0, None, 1.2)]


def test_an_app_may_ask_with_its_key(reader: Reader) -> None:
    app = make_app(CAPTIONS)
    assert get({"text": "Hi"}, f"{CAPTIONS}:{app.api_key}").status_code == 200
    assert get({"text": "Hi"}, f"{CAPTIONS}:wrong").status_code == 401
    keyed = {"X-API-Key": app.api_key, "X-Package-Name": CAPTIONS}
    assert Client().get("/api/tts", {"text": "Hi"}, headers=keyed).status_code == 200


def test_a_phone_opens_the_signed_address_alone(reader: Reader) -> None:
    link = link_for_phone("/api/tts?text=Hello%20you&voice_settings={}", "session-1")
    path = link.removeprefix("http://127.0.0.1:8000")

    assert hear(path)[1] == b"Helloyou"
    altered = Client().get(path.replace("Hello", "Bye"))
    assert altered.status_code == 401
    assert altered.json()["error"] == "Invalid or expired signature"
    assert len(reader.wishes) == 1


@pytest.mark.parametrize("token", ["", "nonsense"])
def test_strangers_are_refused(reader: Reader, token: str) -> None:
    answer = get({"text": "Hi"}, token)

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert not reader.wishes


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({}, "Text parameter is required"),
        ({"text": "  "}, "Text parameter is required"),
        ({"text": "x" * 4_001}, "The text is 4001 characters long; at most 4000 are read"),
        ({"text": "Hi", "voice_settings": "{"}, NO_SETTINGS),
        ({"text": "Hi", "voice_settings": "[1]"}, NO_SETTINGS),
        ({"text": "Hi", "voice_settings": '{"speed":"fast"}'}, NO_SETTINGS),
        ({"text": "Hi", "voice_settings": '{"speed":true}'}, NO_SETTINGS),
        ({"text": "Hi", "voice_settings": '{"style":NaN}'}, NO_SETTINGS),
        ({"text": "Hi", "voice_settings": '{"style":' + "9" * 400 + "}"}, NO_SETTINGS),
        ({"text": "Hi", "voice_settings": '{"x":' + "[" * 100_000}, NO_SETTINGS),
        ({"text": "Hi", "language": "../../x"}, "language is no language code"),
        ({"text": "Hi", "voice_id": "v" * 201}, "voice_id or model_id is too long"),
    ],
)
def test_what_cannot_be_read_is_refused(reader: Reader, query: dict[str, str], said: str) -> None:
    code, sentence = refusal_of(get(query))

    assert code == 400
    assert sentence.startswith(said)
    assert not reader.wishes


@pytest.mark.parametrize(
    ("code", "status", "waits"),
    [
        ("SPEECH_UNAVAILABLE", 503, True),
        ("SPEECH_FULL", 503, True),
        ("VOICE_UNSUPPORTED", 400, False),
        ("VOICE_FAILED", 502, False),
    ],
)
def test_what_nobody_reads_is_answered_with_the_reason(
    reader: Reader, code: str, status: int, waits: bool
) -> None:
    reader.refusal = CannotSpeak(code, "No voice reads Klingon")
    answer = get({"text": "nuqneH"})

    assert refusal_of(answer) == (status, "No voice reads Klingon")
    assert ("Retry-After" in answer) is waits


def test_of_a_worker_that_is_lost_comes_what_it_made(
    reader: Reader, caplog: pytest.LogCaptureFixture
) -> None:
    reader.refusal, reader.breaks_after_first = CannotSpeak("VOICE_FAILED", "lost"), True
    answer, sound = hear("/api/tts", {"text": "Hello you"}, make_token(ADA))

    assert (answer.status_code, sound) == (200, b"Hello")
    assert "not read to its end: lost" in caplog.text


def test_head_reads_nothing_aloud(reader: Reader) -> None:
    answer = get({"text": "Hi"}, method="head")

    assert (answer.status_code, answer["Content-Type"]) == (200, "audio/mpeg")
    assert get({}, method="head").status_code == 400
    assert not reader.wishes


def test_each_listener_is_limited_on_their_own(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LIMITS, "speech", Limit(1, 86_400, "had texts read aloud"))
    make_user(ADA)
    link = link_for_phone("/api/tts?text=Hi", "session-2").removeprefix("http://127.0.0.1:8000")

    assert get({"text": "Hi"}).status_code == 200
    late = get({"text": "Hi"})
    assert refusal_of(late)[0] == 429
    assert 0 < int(late["Retry-After"]) <= 86_400
    assert Client().get(link).status_code == 200
    assert Client().get(link).status_code == 429
