"""Taking secrets out of what is kept for people to look at. Pure."""

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

MASK: Final = "•••"
MOST_CHARACTERS: Final = 1_000
MOST_ITEMS: Final = 200
MOST_DEPTH: Final = 20

# Names of fields, headers and settings whose values are nobody's to see; compared without case, "_" and "-".
_SECRET_NAMES: Final = re.compile(
    r"apikey|secret|password|passwd|passphrase|token|authorization|cookie|signature|credential|streamkey|privatekey"
)
_NOT_SECRET: Final = frozenset({"maxtokens", "tokens", "tokencount"})
# Peers write these texts: every pattern must take time in proportion to their length, whatever they hold.
_JWT: Final = re.compile(r"(?<![\w-])eyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*")
_BEARER: Final = re.compile(r"\b(bearer|basic)\s+[\w.~+/=-]{8,}", re.IGNORECASE)
_IN_TEXT: Final = re.compile(
    r"""((?:api[_-]?key|secret|password|token|signature)[\w-]{0,40}["']?\s{0,5}[:=]\s{0,5})("[^"]*"?|'[^']*'?|[^\s,&}]+)""",
    re.IGNORECASE,
)
_ADDRESS: Final = re.compile(r"\b[a-z][a-z0-9+.-]{1,10}://[^\s\"'<>]+", re.IGNORECASE)
# Whoever knows the path of such an address may send a stream there.
_PATH_IS_KEY: Final = frozenset({"rtmp", "rtmps", "srt", "whip"})


def is_secret_name(name: str) -> bool:
    """Say whether what goes by this name is a secret."""
    plain = name.lower().replace("_", "").replace("-", "")
    return bool(_SECRET_NAMES.search(plain)) and plain not in _NOT_SECRET


def masked(value: Any, depth: int = 0) -> Any:
    """Return JSON data without its secrets; long texts and lists are cut, and say so."""
    if isinstance(value, str):
        return _cut(value)
    if isinstance(value, Mapping):
        return masked_fields(value, depth) if depth < MOST_DEPTH else "…"
    if isinstance(value, list):
        if depth >= MOST_DEPTH:
            return "…"
        items = [masked(item, depth + 1) for item in value[:MOST_ITEMS]]
        rest = len(value) - MOST_ITEMS
        return [*items, f"… {rest} more"] if rest > 0 else items
    return value


def masked_fields(fields: Mapping[str, Any], depth: int = 0) -> dict[str, Any]:
    """Return an object, or headers, without secrets; in `{"key": …, "value": …}` the key is the name of the value."""
    entry_name = fields.get("key")
    hides_value = isinstance(entry_name, str) and is_secret_name(entry_name)
    return {
        name: MASK
        if value not in (None, "") and _hides(name, value, hides_value=hides_value)
        else masked(value, depth + 1)
        for name, value in fields.items()
    }


def _hides(name: str, value: Any, *, hides_value: bool) -> bool:
    if hides_value and name in ("value", "defaultValue"):
        return True
    return is_secret_name(name) and not isinstance(value, bool)


def masked_text(text: str) -> str:
    """Return a text without tokens, named secrets and secrets in addresses."""
    text = _ADDRESS.sub(lambda found: _masked_address(found[0]), text)
    text = _JWT.sub(MASK, text)
    text = _BEARER.sub(lambda found: f"{found[1]} {MASK}", text)
    return _IN_TEXT.sub(lambda found: f"{found[1]}{MASK}", text)


def _masked_address(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return MASK
    place = parts.netloc.rpartition("@")[2]
    if place != parts.netloc:
        place = f"{MASK}@{place}"
    path = parts.path
    if parts.scheme.lower() in _PATH_IS_KEY and path.strip("/"):
        path = f"{path.rstrip('/').rpartition('/')[0]}/{MASK}"
    query = "&".join(_masked_pair(pair) for pair in parts.query.split("&")) if parts.query else ""
    return urlunsplit((parts.scheme, place, path, query, parts.fragment))


def _masked_pair(pair: str) -> str:
    name, sign, _ = pair.partition("=")
    return (
        f"{name}={MASK}"
        if sign and (is_secret_name(name) or name.lower() in ("key", "sig", "code"))
        else pair
    )


def _cut(text: str) -> str:
    """Return a text within bounds; what is masked is more than what stays, lest a secret be cut to an unknown one."""
    rest = len(text) - MOST_CHARACTERS
    if rest <= 0:
        return masked_text(text)
    return f"{masked_text(text[: 4 * MOST_CHARACTERS])[:MOST_CHARACTERS]}… {rest} more characters"
