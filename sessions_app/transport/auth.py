"""Who is at the other end of a socket. Finds out; what follows from it is decided elsewhere."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from accounts.errors import InvalidCoreToken
from accounts.models import User
from accounts.selectors import find_user, merged_user_settings
from accounts.services import admit_user
from accounts.tokens import read_core_token
from apps_registry.errors import AppNotFound
from apps_registry.rules import merge_settings
from apps_registry.selectors import find_valid_key, get_app_facts, setting_values
from sessions_app.app_runs.attaching import Hello
from sessions_app.app_runs.rules import Handshake, Verdict, judge_key
from sessions_app.protocol.families import Family
from sessions_app.selectors import find_live_session_id

NO_TOKEN = "No core token provided"  # noqa: S105 - a message, not a token
_BEARER_WORDS = 2


def core_token_of(scope: dict[str, Any]) -> str:
    """Return the token of a phone's upgrade: second word of the header, else `?token=`; raises InvalidCoreToken."""
    words = headers_of(scope).get("authorization", "").split()
    if len(words) >= _BEARER_WORDS:
        return words[1]
    token = _query_of(scope).get("token")
    if token:
        return token[0]
    raise InvalidCoreToken(NO_TOKEN)


def seals_udp(scope: dict[str, Any]) -> bool:
    """Say whether the phone asks for a key to seal sound by UDP: `?udpEncryption=true` (glasses-socket §1)."""
    return _query_of(scope).get("udpEncryption") == ["true"]


def _query_of(scope: dict[str, Any]) -> dict[str, list[str]]:
    return parse_qs(str(scope.get("query_string", b""), "latin-1"))


def headers_of(scope: dict[str, Any]) -> dict[str, str]:
    """Return the headers of an upgrade; of repeated ones the last."""
    return {
        name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope.get("headers", [])
    }


def admit_phone(token: str) -> User:
    """Return the user a phone's token speaks for; raises InvalidCoreToken. Two queries."""
    return admit_user(claims=read_core_token(token))


@dataclass(frozen=True, slots=True)
class Introduction:
    """What an app said of itself in headers and first message."""

    handshake: Handshake
    package_name: str
    user_id: str
    api_key: str
    family: Family
    sdk_version: str


@dataclass(frozen=True, slots=True)
class Admission:
    """What the registry says to an introduction: a verdict and, when that accepts, the rest."""

    verdict: Verdict
    session_id: str | None = None
    hello: Hello | None = None


def admit_app(introduction: Introduction, greeting: str = "") -> Admission:
    """Check app, key and session of an introduction. All reads of a handshake happen here, in one go.

    `greeting` is what the app said, without its secrets.
    """
    try:
        facts = get_app_facts(introduction.package_name)
    except AppNotFound:
        return Admission(
            judge_key(introduction.handshake, app_exists=False, app_usable=False, key_valid=False)
        )
    key = find_valid_key(introduction.package_name, introduction.api_key)
    verdict = judge_key(
        introduction.handshake,
        app_exists=True,
        app_usable=not facts.is_deprecated,
        key_valid=key is not None,
    )
    session_id = find_live_session_id(introduction.user_id)
    if key is None:
        return Admission(verdict, session_id)
    user = find_user(introduction.user_id)
    hello = Hello(
        handshake=introduction.handshake,
        facts=facts,
        key_id=key.pk,
        family=introduction.family,
        sdk_version=introduction.sdk_version,
        setting_values=merge_settings(
            facts.settings_definitions, setting_values(user, facts.package_name) if user else []
        ),
        user_settings=merged_user_settings(user) if user else {},
        greeting=greeting,
    )
    return Admission(verdict, session_id, hello)
