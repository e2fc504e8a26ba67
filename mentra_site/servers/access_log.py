"""One line per request when ACCESS_LOG is on, never with a secret in it (pitfalls P-71)."""

import logging
import re
from collections.abc import Mapping

logger = logging.getLogger("mentra_site.access")

# What somebody has read aloud (`text`) is as much their own as a key.
_SECRET = re.compile(
    r"(?i)([?&;](?:[^=&;\s]*(?:key|token|secret|password|signature|code)[^=&;\s]*|text)=)[^&;\s\"']*"
)
# Links that open a door: invitations, shared apps, new addresses, forgotten passwords. Also as the `next` of a log-in.
_SECRET_STEP = re.compile(
    r"(?i)((?:console/invitations|console/try|confirm-email|reset/key|orgs/accept)/|console%2F(?:invitations|try)%2F)[^/%?&;\s\"']+"
)


def redact(text: str) -> str:
    """Return `text` with the value of every secret query parameter, and every secret step of a path, replaced."""
    return _SECRET_STEP.sub(r"\1***", _SECRET.sub(r"\1***", text))


class Redacting(logging.Filter):
    """Takes secrets out of the arguments of a log record made by somebody else."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(redact(value) if isinstance(value, str) else value for value in record.args)
        return True


def log_action(protocol: str, action: str, details: Mapping[str, object]) -> None:
    """Log what Daphne reports: finished HTTP requests, and sockets that opened, closed or were refused."""
    path = redact(str(details.get("path", "")))
    if protocol == "http":
        milliseconds = float(str(details.get("time_taken", 0))) * 1000
        status, method = details.get("status"), details.get("method")
        logger.info("%s %s %s %s %.0f ms", details.get("client"), method, path, status, milliseconds)
    else:
        logger.info("%s WebSocket %s %s", details.get("client"), path, action)
