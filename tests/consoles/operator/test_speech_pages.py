"""The page of speech: workers, engines, settings, and what to do when something is missing."""

import time
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import Settings
from redis.exceptions import ConnectionError as RedisUnreachable

from consoles.operator import dashboard, speech_pages
from sessions_app.speech.rules import EngineFacts, WorkerFacts
from tests.support.personas import DORA, make_user

PAGE = "/admin/speech/"
LANGUAGES = ("ar", "de", "en", "es", "fr", "it", "ja", "ko", "pt", "zh")
WHISPER = EngineFacts("whisper", "speech", "ready", languages=LANGUAGES, real_time_factor=0.314, streams=2)
MOONSHINE = EngineFacts("moonshine", "speech", "missing", "pip install -r requirements-speech.txt")
DEEPGRAM = EngineFacts("deepgram", "speech", "ready", languages=("*",))

Play = Callable[..., None]


def worker(name: str, *engines: EngineFacts, **facts: object) -> WorkerFacts:
    told = {"channels": 3, "most_channels": 200, "speaking": 1, "load": 0.42, "memory_bytes": 2**27}
    return WorkerFacts(name, "127.0.0.1:9100", time.time(), engines=engines, **{**told, **facts})  # type: ignore[arg-type]


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch) -> Play:
    """Have the register show the given workers."""

    def show(*workers: WorkerFacts) -> None:
        for module in (speech_pages, dashboard):
            monkeypatch.setattr(module, "list_speech_workers", lambda: list(workers))

    return show


def text_of(operator: Client, path: str = PAGE) -> str:
    answer = operator.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_without_a_worker_the_page_says_how_to_start_one(operator: Client, play: Play) -> None:
    play()
    text = text_of(operator)
    for part in ("No speech worker runs", "SPEECH_UNAVAILABLE", "python manage.py speech_worker"):
        assert part in text, part
    assert "Engines</h" not in text


def test_workers_and_their_engines_are_shown(operator: Client, play: Play) -> None:
    play(worker("w-1", WHISPER, machine="box", pid=77), worker("w-2", WHISPER, DEEPGRAM, is_draining=True))
    text = text_of(operator)
    for part in ("w-1", "w-2", "box, pid 77", "3 of 200", "42 %", "128.0", "worker-draining"):
        assert part in text, part
    for part in ("2 of 2", "1 of 2", "0.31", "ar, de, en, es, fr, it, ja, ko …", "pt, zh", "any", ">4<"):
        assert part in text, part
    assert "does not work" not in text
    part = text_of(operator, f"{PAGE}now/")
    assert "w-1" in part
    assert "<html" not in part


def test_a_missing_engine_says_what_it_lacks(operator: Client, play: Play) -> None:
    play(worker("w-1", WHISPER, MOONSHINE))
    text = text_of(operator)
    assert "An engine that was chosen does not work" in text
    assert "pip install -r requirements-speech.txt" in text
    assert "worker-missing" in text


def test_settings_are_told_in_plain_words(operator: Client, play: Play, settings: Settings) -> None:
    settings.SPEECH_ENGINES = "whisper,deepgram,ko=soniox"
    settings.TRANSCRIPT_RETENTION_DAYS = 2.5
    play()
    text = text_of(operator)
    assert "ko: soniox; every other language: whisper, then deepgram" in text
    assert "is kept 2.5 days after the session, for its user alone" in text


def test_keys_of_hosted_services_are_not_shown(operator: Client, play: Play, settings: Settings) -> None:
    settings.SONIOX_API_KEY = "a-key-that-costs-money"
    play()
    text = text_of(operator)
    assert "SONIOX_API_KEY" in text
    assert "DEEPGRAM_API_KEY" not in text
    assert "a-key-that-costs-money" not in text


def test_by_default_nothing_is_kept(operator: Client, play: Play) -> None:
    play()
    text = text_of(operator)
    assert "every language: whisper" in text
    assert "deleted with the session" in text


def test_without_redis_the_page_says_so(operator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise RedisUnreachable("refused")

    monkeypatch.setattr(speech_pages, "list_speech_workers", away)
    monkeypatch.setattr(dashboard, "list_speech_workers", away)
    assert "Redis does not answer" in text_of(operator)
    tile = dashboard.tiles()[2]
    assert (tile.value, tile.is_alarm) == ("Redis is away", True)


@pytest.mark.django_db
def test_the_overview_leads_here_and_alarms_when_somebody_should_look(play: Play) -> None:
    found = []
    for workers in (
        (),
        (worker("w-1", WHISPER),),
        (worker("w-1", WHISPER, MOONSHINE),),
        (worker("w-1", WHISPER), worker("w-2", is_draining=True)),
    ):
        play(*workers)
        tile = dashboard.tiles()[2]
        assert (tile.title, tile.link) == ("Speech workers ready", PAGE)
        found.append((tile.value, tile.is_alarm))
    assert found == [("none", False), ("1 of 1", False), ("1 of 1", True), ("1 of 2", True)]


def test_the_sidebar_leads_here(operator: Client, play: Play) -> None:
    play()
    assert f'href="{PAGE}"' in text_of(operator, "/admin/nodes/")


@pytest.mark.parametrize("path", ["", "now/"])
def test_others_are_refused(client: Client, db: None, path: str) -> None:
    client.force_login(make_user(DORA))
    assert client.get(PAGE + path, follow=True).status_code == 403
