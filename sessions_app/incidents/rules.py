"""What a report says, how its log lines are read and how long things may be. Pure."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

MOST_LINES: Final = 5_000
MOST_UPLOADS_OF_PHONE: Final = 60
MOST_UPLOADS_OF_APP: Final = 10
MOST_LOG_BYTES: Final = 12 * 1024 * 1024
MOST_ATTACHMENTS: Final = 5
MOST_SUMMARY: Final = 200
LONGEST_MESSAGE: Final = 2_000
MOST_DEPTH: Final = 30
TELEMETRY_WINDOW_MS: Final = 10 * 60 * 1000
# A report that is sent again within this is the same report.
RETRY_SECONDS: Final = 600
# A worker that cannot reach the owner of a session tries this long, then takes what there is.
PATIENCE_SECONDS: Final = 120

APP, SERVER = "app", "server"
PHONE_SOURCES: Final = ("phone", "glasses", "glasses_firmware")
LEVELS: Final = ("debug", "info", "warn", "error")
_LEVEL_OF: Final = {
    "trace": "debug",
    "verbose": "debug",
    "log": "info",
    "notice": "info",
    "warning": "warn",
    "err": "error",
    "critical": "error",
    "fatal": "error",
}
_SUMMARY_FIELDS: Final = ("description", "actualBehavior", "title", "message", "text", "expectedBehavior")


def retry_key(who: str, kind: str, body: object, moment: float, *, before: bool = False) -> str:
    """Return what two equal reports of one person have in common for ten minutes; `before`: the ten minutes before."""
    window = int(moment // RETRY_SECONDS) - before
    said = json.dumps([who, kind, body, window], sort_keys=True, ensure_ascii=False)
    return sha256(said.encode()).hexdigest()


def digest_of_log(source: str, package_name: str, raw: str) -> str:
    """Return what makes the same lines of the same source the same upload."""
    return sha256("\0".join((source, package_name, raw)).encode()).hexdigest()


def summary_of(said: object) -> str:
    """Return one line of what somebody reported."""
    if isinstance(said, str):
        return _one_line(said)
    if not isinstance(said, Mapping):
        return ""
    for field in _SUMMARY_FIELDS:
        if isinstance(said.get(field), str) and said[field].strip():
            return _one_line(said[field])
    kind = said.get("type")
    return _one_line(kind) if isinstance(kind, str) else ""


def read_lines(entries: object, received: datetime) -> list[dict[str, Any]]:
    """Return log lines as `{at, level, message, source?, data?}`, whatever dialect they came in; odd ones as text.

    A line without a usable time gets the one it was received at.
    """
    found = entries if isinstance(entries, list) else []
    lines = [_read_line(entry, received) for entry in found[:MOST_LINES]]
    rest = len(found) - MOST_LINES
    if rest > 0:
        lines.append({"at": received.isoformat(), "level": "warn", "message": f"… {rest} more lines"})
    return lines


def in_order(lines: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return lines of all sources in one order, oldest first."""
    return sorted(lines, key=lambda line: str(line.get("at", "")))


def clean(value: Any, depth: int = 0) -> Any:
    """Return JSON data as every database takes it: no NUL, no half of a character, not nested without end."""
    if isinstance(value, str):
        return value.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()
    if depth >= MOST_DEPTH:
        return value if value is None or isinstance(value, bool | int | float) else "…"
    if isinstance(value, list):
        return [clean(item, depth + 1) for item in value]
    if isinstance(value, Mapping):
        return {clean(str(name)): clean(item, depth + 1) for name, item in value.items()}
    return value


def without_person(value: Any, user_id: str) -> Any:
    """Return JSON data in which the address of a person is replaced: developers are not told who reported."""
    if isinstance(value, str):
        return value.replace(user_id, "<user>") if user_id else value
    if isinstance(value, list):
        return [without_person(item, user_id) for item in value]
    if isinstance(value, Mapping):
        return {str(name): without_person(item, user_id) for name, item in value.items()}
    return value


def _read_line(entry: object, received: datetime) -> dict[str, Any]:
    if not isinstance(entry, Mapping):
        text = entry if isinstance(entry, str) else json.dumps(entry, ensure_ascii=False)
        return {"at": received.isoformat(), "level": "info", "message": text[:LONGEST_MESSAGE]}
    message = entry.get("message", entry.get("msg", ""))
    text = message if isinstance(message, str) else json.dumps(message, ensure_ascii=False)
    line: dict[str, Any] = {
        "at": _read_time(entry.get("timestamp", entry.get("time")), received).isoformat(),
        "level": _read_level(entry.get("level")),
        "message": text[:LONGEST_MESSAGE],
    }
    for ours, theirs in (("source", ("source", "tag")), ("data", ("data", "metadata"))):
        said = next((entry[name] for name in theirs if entry.get(name) not in (None, "", {}, [])), None)
        if said is not None:
            line[ours] = said
    return line


def _read_level(level: object) -> str:
    if isinstance(level, int) and not isinstance(level, bool):
        # As pino counts: 10 trace to 60 fatal.
        return LEVELS[min(max(level // 10 - 2, 0), 3)]
    named = level.lower() if isinstance(level, str) else ""
    named = _LEVEL_OF.get(named, named)
    return named if named in LEVELS else "info"


def _read_time(value: object, received: datetime) -> datetime:
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value / 1000, UTC)
        if isinstance(value, str):
            read = datetime.fromisoformat(value)
            return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return received
    return received


def _one_line(text: str) -> str:
    return " ".join(text.split())[:MOST_SUMMARY]
