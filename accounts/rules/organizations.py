"""What organizations say about themselves. Every reader takes what a peer sent and returns what to store."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from accounts.errors import InvalidEmail, InvalidOrganization
from accounts.rules.addresses import MAX_EMAIL_CHARACTERS, read_email

MAX_ORGANIZATION_NAME_CHARACTERS = 150
MAX_SLUG_CHARACTERS = 80
MAX_WEBSITE_CHARACTERS = 300
MAX_DESCRIPTION_CHARACTERS = 1000

# Control characters and half surrogate pairs.
_NEVER_STORED = frozenset({"Cc", "Cs"})
_NOT_SHOWN = "This holds characters that cannot be shown."
_SLUG = re.compile(r"[a-z0-9-]+")


def read_organization(fields: Mapping[str, object]) -> dict[str, str]:
    """Return the named fields as they are stored; raise InvalidOrganization for a bad value or an unknown field."""
    unknown = sorted(fields.keys() - _READERS.keys())
    if unknown:
        raise InvalidOrganization(unknown[0], f"An organization has no {unknown[0]!r}.")
    return {field: _READERS[field](field, value) for field, value in fields.items()}


def _text(field: str, value: object, most: int) -> str:
    if not isinstance(value, str):
        raise InvalidOrganization(field, "Give a text here.")
    text = value.strip()
    if len(text) > most:
        raise InvalidOrganization(field, f"Keep this within {most} characters.")
    if any(
        unicodedata.category(character) in _NEVER_STORED for character in text if character not in "\r\n\t"
    ):
        raise InvalidOrganization(field, _NOT_SHOWN)
    return text


def _read_name(field: str, value: object) -> str:
    name = " ".join(_text(field, value, MAX_ORGANIZATION_NAME_CHARACTERS).split())
    if not name:
        raise InvalidOrganization(field, "Give the organization a name.")
    if not name.isprintable():
        raise InvalidOrganization(field, _NOT_SHOWN)
    return name


def _read_slug(field: str, value: object) -> str:
    slug = _text(field, value, MAX_SLUG_CHARACTERS)
    if not _SLUG.fullmatch(slug):
        raise InvalidOrganization(field, "Use small letters, digits and hyphens, such as example-labs.")
    return slug


def _read_address(field: str, value: object) -> str:
    address = _text(field, value, MAX_WEBSITE_CHARACTERS)
    if address and not _is_web_address(address):
        raise InvalidOrganization(field, "Give a full http:// or https:// address.")
    return address


def _read_contact(field: str, value: object) -> str:
    contact = _text(field, value, MAX_EMAIL_CHARACTERS)
    if not contact:
        return ""
    try:
        return read_email(contact)
    except InvalidEmail as error:
        raise InvalidOrganization(field, error.message) from error


def _read_description(field: str, value: object) -> str:
    return _text(field, value, MAX_DESCRIPTION_CHARACTERS)


def _is_web_address(text: str) -> bool:
    if any(character.isspace() for character in text):
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


_READERS: Mapping[str, Callable[[str, Any], str]] = {
    "name": _read_name,
    "slug": _read_slug,
    "website": _read_address,
    "logo_url": _read_address,
    "contact_email": _read_contact,
    "description": _read_description,
}
