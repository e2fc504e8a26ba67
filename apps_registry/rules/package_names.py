"""A package name for who has none in mind. Pure."""

import re
import unicodedata

from apps_registry.rules.apps import MAX_PACKAGE_NAME_CHARACTERS

# Domains that belong to none of the people who have an address there.
_SHARED_DOMAINS = frozenset(
    {
        *("gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com"),
        *("icloud.com", "me.com", "mac.com", "proton.me", "protonmail.com", "pm.me", "aol.com", "gmx.de"),
        *("gmx.net", "gmx.com", "web.de", "mail.com", "mail.ru", "yandex.ru", "yandex.com", "qq.com"),
        *("163.com", "126.com", "fastmail.com", "hey.com", "posteo.de", "mailbox.org", "zoho.com"),
    }
)
_ROOM_FOR_NUMBER = 4


def suggest_package_name(*, name: str, email: str, organization: str = "") -> str:
    """Return a package name for an app called `name`: the domain of `email` turned round, then the name.

    At an address that many share, and at one that is no domain, `organization` or the person stands in its place.
    """
    person, _, domain = email.lower().partition("@")
    parts = [_part(label) for label in reversed(domain.split("."))]
    if domain in _SHARED_DOMAINS or "." not in domain or not all(parts):
        parts = ["app", _part(organization) or _part(person)]
    base = ".".join(part for part in parts if part)
    last = _part(name) or "myapp"
    return f"{base}.{last}"[: MAX_PACKAGE_NAME_CHARACTERS - _ROOM_FOR_NUMBER].rstrip(".")


def first_free(wanted: str, taken: set[str]) -> str:
    """Return `wanted`, or with a number behind it the first that is not `taken`."""
    number, name = 2, wanted
    while name in taken:
        number, name = number + 1, f"{wanted}{number}"
    return name


def _part(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "", plain)
