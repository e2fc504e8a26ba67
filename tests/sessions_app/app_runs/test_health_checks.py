"""Asking the servers of apps whether they are there (P-62)."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from apps_registry.health_selectors import health_of, is_online, list_due_servers, offline_packages
from apps_registry.models import ServerHealth
from apps_registry.services import note_server_health, update_app
from sessions_app.app_runs import health_checks
from sessions_app.app_runs.health_checks import ask_servers, check_due_servers
from sessions_app.outbound.guard import Failure, OutsideAnswer
from tests.support.app_server import AppServer
from tests.support.personas import ADA, CAPTIONS, NOTES, make_app, make_user
from tests.support.ports import free_port

AWAY = OutsideAnswer(failure=Failure.NOBODY_LISTENS, problem="nobody listens")


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """What is called; hosts named `dead…` do not answer, paths below `/broken` fail."""
    calls: Counter[str] = Counter()

    async def call(client: object, method: str, url: str, **_: Any) -> OutsideAnswer:
        calls[url] += 1
        if "//dead" in url:
            return AWAY
        return OutsideAnswer(status=503 if "/broken" in url else 200)

    monkeypatch.setattr(health_checks, "call_outside", call)
    return calls


async def test_a_host_that_does_not_answer_is_called_once_for_all_its_apps(called: Counter[str]) -> None:
    urls = [
        "https://dead.example/a",
        "https://dead.example/b",
        "https://good.example",
        "https://good.example/broken",
    ]
    answers = await ask_servers(urls)
    assert {url: answer.status for url, answer in answers.items()} == dict(
        zip(urls, (None, None, 200, 503), strict=True)
    )
    assert called["https://dead.example/a/health"] == 1
    assert called["https://dead.example/b/health"] == 0


async def test_real_servers_are_asked_and_refused_ones_named() -> None:
    async with AppServer() as server:
        nobody = f"http://127.0.0.1:{free_port()}"
        answers = await ask_servers([server.url, nobody])
    assert answers[server.url].status == 404
    assert answers[nobody].failure is Failure.NOBODY_LISTENS


@pytest.mark.django_db
def test_a_round_asks_those_that_somebody_has_and_remembers(called: Counter[str]) -> None:
    ada = make_user(ADA)
    good = make_app(CAPTIONS, url="https://good.example", installed_for=[ada]).app
    dead = make_app(NOTES, url="https://dead.example", installed_for=[ada]).app
    make_app("com.example.unused", url="https://unused.example")

    assert check_due_servers() == 2
    assert check_due_servers() == 0, "nobody is asked again at once"
    assert is_online(CAPTIONS)
    assert is_online(NOTES), "one failure may be a restart"
    ServerHealth.objects.update(checked_at=timezone.now() - timedelta(seconds=55))
    assert check_due_servers() == 1, "a first failure is looked at again soon"
    assert offline_packages([CAPTIONS, NOTES]) == {NOTES}
    health = health_of(dead)
    assert health is not None
    assert (health.is_online, health.failures, health.problem) == (False, 2, "nobody listens")

    update_app(app=dead, public_url="https://good.example/new")
    assert is_online(NOTES), "what was known of another address says nothing"
    check_due_servers()
    assert health_of(dead)
    assert called["https://good.example/health"] == 1
    assert health_of(good)


@pytest.mark.django_db
def test_the_longest_unasked_come_first() -> None:
    ada, now = make_user(ADA), timezone.now()
    apps = [
        make_app(f"com.example.app{i}", url=f"https://{i}.example", installed_for=[ada]).app for i in range(3)
    ]
    for app, minutes in zip(apps, (6, 10), strict=False):
        note_server_health(app_id=app.pk, url=app.public_url, answered=True)
        ServerHealth.objects.filter(app=app).update(checked_at=now - timedelta(minutes=minutes))
    due = list_due_servers(now=now, every=timedelta(minutes=5), most=2)
    assert [pk for pk, _ in due] == [apps[2].pk, apps[1].pk]


@pytest.mark.django_db
def test_since_tells_when_it_changed() -> None:
    app = make_app().app
    for answered in (True, True, False, False):
        note_server_health(app_id=app.pk, url=app.public_url, answered=answered)
    health = health_of(app)
    assert health is not None
    assert (health.is_online, health.since) == (False, health.checked_at)
    note_server_health(app_id=app.pk, url=app.public_url, answered=False)
    again = health_of(app)
    assert again is not None
    assert again.since == health.since
    note_server_health(app_id=app.pk + 1, url=app.public_url, answered=True)
    assert ServerHealth.objects.count() == 1
