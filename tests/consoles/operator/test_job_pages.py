"""Failed jobs as operators see them."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from kombu.exceptions import OperationalError as BrokerAway

from sessions_app.failed_jobs.services import keep_failure
from sessions_app.models import FailedJob
from tests.support.personas import make_user

pytestmark = pytest.mark.django_db
PAGE = "/admin/sessions_app/failedjob/"
SEND = "sessions_app.failed_jobs.services.current_app.send_task"


def fail(**named: Any) -> FailedJob:
    return keep_failure(
        task="sessions_app.tasks.dispose_session",
        arguments=["s-1"],
        named_arguments=named,
        error="TimeoutError",
        message="took <b>long</b>",
        trace="File x, line 7",
    )


def act(browser: Client, action: str, *jobs: FailedJob) -> str:
    form = {"action": action, "_selected_action": [job.pk for job in jobs]}
    return browser.post(PAGE, form, follow=True).content.decode()


def test_a_failure_shows_what_and_why(operator: Client) -> None:
    job = fail()
    for text in (
        operator.get(PAGE).content.decode(),
        operator.get(f"{PAGE}{job.pk}/change/").content.decode(),
    ):
        for part in ("dispose_session", "TimeoutError", "took &lt;b&gt;long&lt;/b&gt;"):
            assert part in text, part
    assert "line 7" in text
    assert '<span class="console-badge">1</span>' in text


def test_jobs_are_run_again_or_dismissed(operator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SEND, lambda *_, **__: None)
    whole, masked = fail(), fail(token="abc")
    text = act(operator, "run_again", whole, masked)
    assert "Jobs queued again: 1." in text
    assert "not known in full: 1" in text
    assert "Failures dismissed: 1." in act(operator, "dismiss", masked)
    assert not FailedJob.objects.exists()


def test_without_a_queue_nothing_is_lost(operator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise BrokerAway("refused")

    monkeypatch.setattr(SEND, away)
    assert "nothing is lost" in act(operator, "run_again", fail())
    assert FailedJob.objects.exists()


def test_who_may_only_look_does_nothing(client: Client) -> None:
    viewer = make_user("viewer@example.com")
    viewer.is_staff = True
    viewer.save()
    viewer.user_permissions.add(Permission.objects.get(codename="view_failedjob"))
    client.force_login(viewer)
    act(client, "dismiss", fail())
    assert FailedJob.objects.exists()
