"""E-mail addresses as user ids."""

import re
from collections.abc import Collection

from accounts.errors import InvalidEmail

MAX_EMAIL_CHARACTERS = 254

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


def normalize_email(text: str) -> str:
    """Return the one spelling under which an address is stored and compared."""
    return text.strip().lower()


def read_email(value: object) -> str:
    """Return `value` as a normalized address; raise InvalidEmail when it cannot be a user id."""
    email = normalize_email(value) if isinstance(value, str) else ""
    if len(email) > MAX_EMAIL_CHARACTERS or not email.isprintable() or not _EMAIL.fullmatch(email):
        raise InvalidEmail(f"{str(value)[:80]!r} is no e-mail address. Use one such as ada@example.com.")
    return email


def is_admin_address(email: str, emails: Collection[str], domains: Collection[str]) -> bool:
    """Say whether an address is among `emails`, or its domain, to the letter, among `domains`."""
    _, _, domain = email.rpartition("@")
    wanted = {normalize_email(name) for name in emails}
    return email in wanted or domain in {normalize_email(name).removeprefix("@") for name in domains}
