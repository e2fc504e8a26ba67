"""Keeping failures, running jobs again, dismissing them."""

from datetime import timedelta
from typing import Any

import pytest
from celery import shared_task
from celery.signals import task_failure
from django.db import OperationalError
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerAway

from sessions_app.failed_jobs import recording, services
from sessions_app.failed_jobs.services import dismiss, forget_failures, keep_failure, run_again
from sessions_app.models import FailedJob
from tests.support.audit import deeds, last_deed

pytestmark = pytest.mark.django_db
SECRET = "0123456789abcdef" * 4


@shared_task
def stumble(*_: Any, **__: Any) -> None:
    """Fail, as jobs do."""
    raise ValueError(f"no luck with {SECRET}")


def kept(*arguments: Any, error: str = "ValueError", **named: Any) -> FailedJob:
    return keep_failure(
        task="t.job", arguments=arguments, named_arguments=named, error=error, message="m", trace="T"
    )


def test_a_job_that_fails_leaves_a_row_without_secrets() -> None:
    stumble.apply(args=("s-1",), kwargs={"api_key": "abc"})
    job = FailedJob.objects.get()
    assert (job.error, job.times, job.is_masked) == ("ValueError", 1, True)
    assert job.task.endswith("stumble")
    assert job.arguments == ["s-1"]
    assert "in stumble" in job.trace
    for text in (job.message, job.trace, str(job.named_arguments)):
        assert SECRET not in text
        assert "abc" not in text


def test_the_same_failure_is_counted() -> None:
    first = kept("a")
    again = kept("a")
    assert (again.pk, again.times) == (first.pk, 2)
    assert again.at >= again.first_at
    assert kept("b").pk != first.pk
    assert kept("a", error="KeyError").pk != first.pk


def test_endless_arguments_and_traces_are_cut() -> None:
    job = keep_failure(
        task="t.job",
        arguments=["x y " * 9000],
        named_arguments={},
        error="E",
        message="m " * 900,
        trace="t " * 9000,
    )
    assert (job.is_masked, len(job.message), len(job.trace)) == (True, 500, services.MOST_TRACE_CHARACTERS)


def test_without_a_database_only_the_log_knows(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(**_: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(recording, "keep_failure", away)
    task_failure.send(sender=stumble, exception=ValueError("x"), args=(), kwargs={}, einfo=None)
    assert "could not be kept: gone" in caplog.text


def test_a_job_is_queued_again_and_its_failure_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    queued: list[tuple[str, Any, Any]] = []
    monkeypatch.setattr(
        "sessions_app.failed_jobs.services.current_app.send_task",
        lambda task, args, kwargs, retry: queued.append((task, args, kwargs)),
    )
    assert run_again(job=kept("a", user=7))
    assert queued == [("t.job", ["a"], {"user": 7})]
    assert not FailedJob.objects.exists()
    assert deeds() == ["job.run_again"]


def test_with_the_broker_away_the_failure_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise BrokerAway("refused")

    monkeypatch.setattr("sessions_app.failed_jobs.services.current_app.send_task", away)
    job = kept("a")
    with pytest.raises(BrokerAway):
        run_again(job=job)
    assert FailedJob.objects.exists()
    assert deeds() == []


def test_a_masked_job_can_only_be_dismissed() -> None:
    job = kept(token="abc")
    assert not run_again(job=job)
    dismiss(job=job)
    assert not FailedJob.objects.exists()
    assert (last_deed().action, last_deed().before["times"]) == ("job.dismissed", 1)


def test_old_failures_are_forgotten() -> None:
    old, new = kept("a"), kept("b")
    FailedJob.objects.filter(pk=old.pk).update(at=timezone.now() - timedelta(days=40))
    assert forget_failures(before=timezone.now() - timedelta(days=30)) == 1
    assert FailedJob.objects.get() == new
