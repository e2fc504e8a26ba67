"""Notes every job that failed for good. Never in the way: without a database the log is all there is."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from celery.signals import task_failure
from django.db import DatabaseError

from sessions_app.failed_jobs.services import keep_failure

logger = logging.getLogger(__name__)


@task_failure.connect(dispatch_uid="keep_failed_jobs")
def note_failure(
    sender: Any = None,
    exception: BaseException | None = None,
    args: Sequence[Any] | None = None,
    kwargs: Mapping[str, Any] | None = None,
    einfo: Any = None,
    **_: Any,
) -> None:
    """Keep the failure of a job, if that is possible now."""
    task = getattr(sender, "name", None) or "unknown"
    try:
        keep_failure(
            task=task,
            arguments=args or (),
            named_arguments=kwargs or {},
            error=type(exception).__name__,
            message=str(exception),
            trace=str(getattr(einfo, "traceback", "") or ""),
        )
    except DatabaseError as problem:
        logger.warning(
            "The failure of %s (%s) could not be kept: %s", task, type(exception).__name__, problem
        )
