"""Addresses at which texts are read aloud, and the signature by which a phone opens one with a plain GET.

A signature is for one text with its settings, holds for ten minutes and at every node. Must not know who reads.
"""

from typing import Final
from urllib.parse import SplitResult, parse_qsl, urlencode, urljoin, urlsplit

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner

PATH: Final = "/api/tts"
ALSO_AT: Final = "/api/audio/tts"
SIGNATURE: Final = "signature"
LISTENER: Final = "for"
LINK_SECONDS: Final = 600
_SALT: Final = "sessions_app.speech.links"


def link_for_phone(address: str, listener: str) -> str:
    """Return an absolute address; one that names our own reading of texts is signed for whoever `listener` names.

    It is ours if it is relative, or at the host of PUBLIC_URL or NODE_PUBLIC_URL, where SDKs look for us; whether
    they write http or https says nothing.
    """
    url: str = urljoin(settings.PUBLIC_URL + "/", address.strip())
    parts = urlsplit(url)
    if not parts.path.endswith((PATH, ALSO_AT)) or not _is_ours(parts):
        return url
    query = _without_signature(parts.query, LISTENER)
    return f"{settings.PUBLIC_URL}{PATH}?{sign(urlencode([*query, (LISTENER, listener)]))}"


def sign(query: str) -> str:
    """Return a query with its signature."""
    whole = urlencode(_without_signature(query))
    return f"{whole}&{SIGNATURE}={_signer().sign(whole)[len(whole) + 1 :]}"


def listener_of(query: str) -> str | None:
    """Return whom a signed query is for; None if the signature is not ours, too old, or for something else."""
    given = dict(parse_qsl(query)).get(SIGNATURE, "")
    fields = _without_signature(query)
    try:
        _signer().unsign(f"{urlencode(fields)}:{given}", max_age=LINK_SECONDS)
    except BadSignature:
        return None
    return dict(fields).get(LISTENER, "")


def _signer() -> TimestampSigner:
    return TimestampSigner(salt=_SALT)


def _without_signature(query: str, *others: str) -> list[tuple[str, str]]:
    fields = parse_qsl(query, keep_blank_values=True)
    return [(name, value) for name, value in fields if name not in (SIGNATURE, *others)]


def _is_ours(parts: SplitResult) -> bool:
    ours = (settings.PUBLIC_URL, settings.NODE_PUBLIC_URL)
    return parts.scheme in ("http", "https") and _host_of(parts) in {_host_of(urlsplit(url)) for url in ours}


def _host_of(parts: SplitResult) -> tuple[str, int | None]:
    try:
        port = parts.port
    except ValueError:
        return "", None
    return (parts.hostname or "").lower(), None if port in (80, 443) else port
