"""App session ids, `<userId>-<packageName>` (lifecycle §10): made here, taken apart here.

Both halves may contain hyphens, so facts decide wherever there are any. Must not know where they come from.
"""

import re
from collections.abc import Collection
from typing import Final, NamedTuple

_COMMON_TOP_LEVELS: Final = frozenset(
    {"com", "org", "net", "edu", "gov", "mil", "int", "info", "biz", "dev", "app", "cloud", "xyz", "tech"}
)
_COUNTRY: Final = re.compile(r"[a-z]{2}")


class SessionIdParts(NamedTuple):
    """The two halves of an app session id; the user id is in lower case."""

    user_id: str
    package_name: str


def app_session_id(user_id: str, package_name: str) -> str:
    """Return the id of an app's session with a user; the same over all restarts."""
    return f"{user_id.lower()}-{package_name}"


def find_user_id(session_id: str, package_name: str) -> str | None:
    """Return the user id of a session id whose package is known, or None when it ends otherwise."""
    user_id = session_id.removesuffix(f"-{package_name}")
    return user_id.lower() if user_id and user_id != session_id else None


def list_candidate_splits(session_id: str) -> list[SessionIdParts]:
    """Return every split whose left half holds exactly one `@`, the shortest left half first.

    The right halves are what a caller has to look up among the known packages.
    """
    hyphens = [place for place, letter in enumerate(session_id) if letter == "-"]
    return [
        SessionIdParts(session_id[:place].lower(), session_id[place + 1 :])
        for place in hyphens
        if session_id.count("@", 0, place) == 1 and place + 1 < len(session_id)
    ]


def split_app_session_id(
    session_id: str, *, known_packages: Collection[str], active_users: Collection[str] = ()
) -> SessionIdParts | None:
    """Return the halves of an app session id, or None when no split names a known package.

    `active_users` are lower-case user ids with a session; among several splits the longest of them wins, then
    the shortest whose package looks like a reverse domain name, then the shortest.
    """
    splits = [split for split in list_candidate_splits(session_id) if split.package_name in known_packages]
    if not splits:
        return None
    active = [split for split in splits if split.user_id in active_users]
    if active:
        return active[-1]
    return next((split for split in splits if _is_reverse_domain(split.package_name)), splits[0])


def _is_reverse_domain(package_name: str) -> bool:
    top, dot, _ = package_name.partition(".")
    return bool(dot) and (top in _COMMON_TOP_LEVELS or _COUNTRY.fullmatch(top) is not None)
