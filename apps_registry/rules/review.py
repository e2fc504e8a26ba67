"""The review of an app: which step leads where, and what an app needs before operators look at it. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import urlsplit

from apps_registry.errors import Lack, ReviewRefused
from apps_registry.rules.addresses import is_public_address
from apps_registry.rules.apps import StoreStatus
from apps_registry.rules.entries import validate_text

LEAST_DESCRIPTION_CHARACTERS = 20
MAX_NOTES_CHARACTERS = 4000


class ReviewEvent(StrEnum):
    """What developers and operators do about an app's way to everybody."""

    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"
    APPROVED = "approved"
    REJECTED = "rejected"
    UNPUBLISHED = "unpublished"


TRANSITIONS: Mapping[tuple[StoreStatus, ReviewEvent], StoreStatus] = {
    (StoreStatus.DEVELOPMENT, ReviewEvent.SUBMITTED): StoreStatus.SUBMITTED,
    (StoreStatus.REJECTED, ReviewEvent.SUBMITTED): StoreStatus.SUBMITTED,
    (StoreStatus.SUBMITTED, ReviewEvent.WITHDRAWN): StoreStatus.DEVELOPMENT,
    (StoreStatus.SUBMITTED, ReviewEvent.APPROVED): StoreStatus.PUBLISHED,
    (StoreStatus.SUBMITTED, ReviewEvent.REJECTED): StoreStatus.REJECTED,
    (StoreStatus.PUBLISHED, ReviewEvent.UNPUBLISHED): StoreStatus.DEVELOPMENT,
}
_REFUSALS: Mapping[ReviewEvent, tuple[str, str]] = {
    ReviewEvent.SUBMITTED: ("ALREADY_SUBMITTED", "The app is in review or published already."),
    ReviewEvent.WITHDRAWN: ("NOT_SUBMITTED", "The app is not in review."),
    ReviewEvent.APPROVED: ("NOT_SUBMITTED", "Only an app that was submitted for review can be approved."),
    ReviewEvent.REJECTED: ("NOT_SUBMITTED", "Only an app that was submitted for review can be rejected."),
    ReviewEvent.UNPUBLISHED: ("NOT_PUBLISHED", "The app is not published."),
}


def next_status(status: str, event: ReviewEvent) -> StoreStatus:
    """Return the status after `event`; raise ReviewRefused when the table has no such move."""
    found = TRANSITIONS.get((StoreStatus(status), event))
    if found is None:
        raise ReviewRefused(*_REFUSALS[event])
    return found


def read_notes(value: object, *, required: bool) -> str:
    """Return what an operator tells the developers; raise ReviewRefused `NOTES_REQUIRED`, or RegistryError."""
    notes = validate_text("notes", value, MAX_NOTES_CHARACTERS, "The notes")
    if required and not notes:
        raise ReviewRefused("NOTES_REQUIRED", "Tell the developers what to change: the notes are empty.")
    return notes


def find_lacks(
    *,
    description: str,
    has_icon: bool,
    public_url: str,
    reasons: Mapping[str, str],
    has_key: bool,
    takes_any_url: bool = False,
) -> list[Lack]:
    """Return what an app lacks for a review; `reasons` are those of its permissions by type.

    `takes_any_url` is for clouds that call private networks: there an app may live anywhere.
    """
    lacks = []
    if len(description.strip()) < LEAST_DESCRIPTION_CHARACTERS:
        lacks.append(
            Lack("DESCRIPTION", f"Describe the app in at least {LEAST_DESCRIPTION_CHARACTERS} characters.")
        )
    if not has_icon:
        lacks.append(Lack("ICON", "Give the app an icon."))
    if not takes_any_url and not _is_open_to_all(public_url):
        lacks.append(Lack("PUBLIC_URL", "Serve the app at an https:// address that everybody can reach."))
    silent = [name for name, reason in reasons.items() if not reason.strip()]
    if silent:
        lacks.append(Lack("PERMISSION_REASONS", f"Tell people why the app needs {', '.join(silent)}."))
    if not has_key:
        lacks.append(Lack("API_KEY", "Make an API key: without one the app's server cannot connect."))
    return lacks


def _is_open_to_all(url: str) -> bool:
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme != "https" or host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return False
    try:
        ip_address(host)
    except ValueError:
        return "." in host
    return is_public_address(host)
