"""Keeping failed jobs, running them again, dismissing them."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from celery import current_app
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from accounts.audit import record
from sessions_app.failed_jobs.masking import mask_text, mask_value
from sessions_app.models import FailedJob

MOST_MESSAGE_CHARACTERS = 500
MOST_TRACE_CHARACTERS = 8_000
MOST_ARGUMENT_CHARACTERS = 10_000


def keep_failure(
    *,
    task: str,
    arguments: Sequence[Any],
    named_arguments: Mapping[str, Any],
    error: str,
    message: str,
    trace: str,
) -> FailedJob:
    """Keep that a job failed; the same job failing in the same way again is counted, not kept twice."""
    masked, named, changed = _arguments(arguments, named_arguments)
    print_of = json.dumps([task, masked, named, error], cls=DjangoJSONEncoder, sort_keys=True)
    fingerprint = sha256(print_of.encode()).hexdigest()
    now = timezone.now()
    told = {
        "message": mask_text(message, MOST_MESSAGE_CHARACTERS),
        "trace": mask_text(trace[-MOST_TRACE_CHARACTERS:], MOST_TRACE_CHARACTERS),
        "at": now,
    }
    if not FailedJob.objects.filter(fingerprint=fingerprint).update(times=F("times") + 1, **told):
        facts = {"task": task[:120], "arguments": masked, "named_arguments": named, "is_masked": changed}
        try:
            with transaction.atomic():
                FailedJob.objects.create(
                    fingerprint=fingerprint, error=error[:120], first_at=now, **facts, **told
                )
        except IntegrityError:  # another worker was quicker
            FailedJob.objects.filter(fingerprint=fingerprint).update(times=F("times") + 1, **told)
    return FailedJob.objects.get(fingerprint=fingerprint)


@transaction.atomic
def run_again(*, job: FailedJob) -> bool:
    """Queue a failed job once more and forget the failure; False for one whose arguments are not known in full.

    Raises kombu's OperationalError when no broker can be reached; the failure is kept then.
    """
    if job.is_masked:
        return False
    record("job.run_again", job, after={"task": job.task, "error": job.error})
    job.delete()
    current_app.send_task(job.task, args=job.arguments, kwargs=job.named_arguments, retry=False)
    return True


@transaction.atomic
def dismiss(*, job: FailedJob) -> None:
    """Forget that a job failed."""
    record("job.dismissed", job, before={"task": job.task, "error": job.error, "times": job.times})
    job.delete()


def forget_failures(*, before: datetime) -> int:
    """Delete failures that did not happen again since a moment; return how many."""
    deleted, _ = FailedJob.objects.filter(at__lt=before).delete()
    return deleted


def _arguments(arguments: Sequence[Any], named: Mapping[str, Any]) -> tuple[list[Any], dict[str, Any], bool]:
    given = json.loads(json.dumps([list(arguments), dict(named)], default=str))
    masked = mask_value(given)
    if len(json.dumps(masked)) > MOST_ARGUMENT_CHARACTERS:
        return ["too long to keep"], {}, True
    return masked[0], masked[1], masked != given
