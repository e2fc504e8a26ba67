"""What an app record may hold and who may install it. Pure; streams-and-permissions §8 and rest §10."""

import re
from enum import StrEnum
from urllib.parse import urlsplit

from apps_registry.errors import RegistryError
from apps_registry.rules.entries import validate_text

MAX_PACKAGE_NAME_CHARACTERS = 128
MAX_URL_CHARACTERS = 500
MAX_NAME_CHARACTERS = 100
MAX_DESCRIPTION_CHARACTERS = 5000
# On how many different days an app may fail to come back before it is no longer tried by itself (P-16).
FAILED_DAYS_TO_RETIREMENT = 3
WEBHOOK_PATH = "/webhook"

_PACKAGE_NAME = re.compile(r"[a-z0-9]+(\.[a-z0-9_-]+)+")


class AppType(StrEnum):
    """Standard apps share the foreground, one at a time; background apps run beside them."""

    BACKGROUND = "background"
    STANDARD = "standard"
    SYSTEM_DASHBOARD = "system_dashboard"


# What an app is for the cloud itself is not for its developers to choose.
DEVELOPERS_TYPES = tuple(kind for kind in AppType if kind is not AppType.SYSTEM_DASHBOARD)


class StoreStatus(StrEnum):
    """How far an app is on its way to everybody."""

    DEVELOPMENT = "DEVELOPMENT"
    SUBMITTED = "SUBMITTED"
    REJECTED = "REJECTED"
    PUBLISHED = "PUBLISHED"


class VerificationStatus(StrEnum):
    """Who vouches for an app."""

    NONE = "NONE"
    COMMUNITY = "COMMUNITY"
    VERIFIED = "VERIFIED"


def is_package_name(text: str) -> bool:
    """Say whether `text` could be the package name of a registered app."""
    return len(text) <= MAX_PACKAGE_NAME_CHARACTERS and _PACKAGE_NAME.fullmatch(text) is not None


def validate_package_name(value: object) -> str:
    """Return a package name in reverse-domain form; raise RegistryError."""
    name = value.strip() if isinstance(value, str) else ""
    if not is_package_name(name):
        raise RegistryError(
            "package_name",
            "The package name must look like com.example.myapp: lower-case letters, digits, - and _ in two "
            f"or more parts joined by dots, at most {MAX_PACKAGE_NAME_CHARACTERS} characters.",
        )
    return name


def validate_public_url(value: object) -> str:
    """Return the base URL of an app's server without a trailing slash; raise RegistryError.

    Private addresses pass: whether they may be called is decided when they are called.
    """
    url = _read_url("public_url", value).rstrip("/")
    parts = urlsplit(url)
    if parts.query or parts.fragment:
        raise RegistryError("public_url", "The public URL must have no ? or # part.")
    if parts.path.endswith(WEBHOOK_PATH):
        raise RegistryError(
            "public_url", f"Leave {WEBHOOK_PATH} off the public URL: it is added to every call."
        )
    return url


def validate_link(field: str, value: object) -> str:
    """Return an optional http(s) link, or an empty text; raise RegistryError."""
    return _read_url(field, value) if value not in (None, "") else ""


def validate_name(value: object) -> str:
    """Return the name people see; raise RegistryError."""
    name = validate_text("name", value, MAX_NAME_CHARACTERS, "The name")
    if not name:
        raise RegistryError("name", "Give the app a name.")
    return name


def validate_description(value: object) -> str:
    """Return the text that tells people what an app is for; raise RegistryError."""
    return validate_text("description", value, MAX_DESCRIPTION_CHARACTERS, "The description")


def validate_instructions(value: object) -> str:
    """Return the text that tells people how an app is used, or an empty one; raise RegistryError."""
    return validate_text(
        "onboarding_instructions", value or "", MAX_DESCRIPTION_CHARACTERS, "The instructions"
    )


def validate_choice(field: str, value: object, choices: type[StrEnum]) -> str:
    """Return one of the values of `choices`; raise RegistryError listing them."""
    if not isinstance(value, str) or value not in tuple(choices):
        raise RegistryError(field, f"{field} must be one of {', '.join(choices)}.")
    return str(value)


def name_from_package(package_name: str) -> str:
    """Return a name for an app that was given none: `com.example.live_captions` becomes `Live captions`."""
    words = re.split(r"[-_]+", package_name.rsplit(".", 1)[-1].strip("-_"))
    return (" ".join(words).capitalize() or package_name)[:MAX_NAME_CHARACTERS]


def refuse_install(*, store_status: str, is_deprecated: bool, is_member: bool) -> str | None:
    """Return why a user may not install an app, or None when they may."""
    if is_deprecated:
        return "This app is no longer offered."
    if store_status != StoreStatus.PUBLISHED and not is_member:
        return (
            "This app is not published. Only members of its organization and invited testers can install it."
        )
    return None


def _read_url(field: str, value: object) -> str:
    url = value.strip() if isinstance(value, str) else ""
    try:
        parts = urlsplit(url)
        is_good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_good = False
    is_plain = url.isprintable() and not re.search(r"[\s\\]", url) and len(url) <= MAX_URL_CHARACTERS
    if not is_good or not is_plain or parts.username is not None:
        raise RegistryError(field, f"{field} must be a full http:// or https:// address without a log-in.")
    return url
