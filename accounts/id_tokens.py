"""Identity providers (OpenID Connect): whom a token of theirs speaks for (rest §3). Blocking; asks over the network.

OIDC_PROVIDERS names each by its issuer, with the audiences its tokens must be for. Whoever is named there is believed
about every address they call verified.
"""

import logging
import time
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import jwt
from django.conf import settings
from jwt.exceptions import PyJWKClientConnectionError, PyJWTError

from accounts.errors import IdentityProviderAway, InvalidEmail, InvalidIdToken
from accounts.rules import digest_of, read_email
from accounts.tokens import CLOCK_SKEW, CoreClaims, issued_at_of

logger = logging.getLogger(__name__)

MAX_ID_TOKEN_CHARACTERS = 16 * 1024
# Signatures only: whoever reads a provider's public keys must not be able to make tokens with them.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
REQUIRED_CLAIMS = ["iss", "aud", "sub", "exp", "iat"]
FETCH_SECONDS = 5.0
KEYS_LIFE_SECONDS = 600.0
# How often a key that nobody knows makes us fetch them anew, and how long a silent provider is left alone.
UNKNOWN_KEY_SECONDS = 60.0
AWAY_SECONDS = 10.0

_DISCOVERY = "/.well-known/openid-configuration"
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def read_id_token(token: str) -> CoreClaims:
    """Return whom the token of a configured provider speaks for, as `admit_user` takes it.

    Raises InvalidIdToken, and IdentityProviderAway when the keys to check it with cannot be had.
    """
    if not 0 < len(token) <= MAX_ID_TOKEN_CHARACTERS:
        raise InvalidIdToken
    try:
        return _claims_of(_verify(token), token)
    except PyJWKClientConnectionError as problem:
        logger.warning("An identity provider is away: %s", problem)
        raise IdentityProviderAway from problem
    except (PyJWTError, InvalidEmail, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise InvalidIdToken from error


class ProviderKeys(jwt.PyJWKClient):
    """The keys of one provider, found by its discovery document and kept for ten minutes."""

    def __init__(self, issuer: str) -> None:
        self._issuer = issuer
        self._away_until = 0.0
        super().__init__(
            issuer.rstrip("/") + _DISCOVERY,
            lifespan=KEYS_LIFE_SECONDS,
            timeout=FETCH_SECONDS,
            cooldown_duration=UNKNOWN_KEY_SECONDS,
        )

    def fetch_data(self) -> Any:
        """Fetch the keys from where the provider says they are; raise PyJWKClientConnectionError."""
        if time.monotonic() < self._away_until:
            raise PyJWKClientConnectionError(f"{self._issuer} did not answer a moment ago")
        try:
            self.uri = self._find_keys()
            return super().fetch_data()
        except (PyJWTError, OSError, ValueError) as problem:
            self._away_until = time.monotonic() + AWAY_SECONDS
            raise PyJWKClientConnectionError(f"{self._issuer}: {problem}") from problem

    def _find_keys(self) -> str:
        address = _checked(self._issuer.rstrip("/") + _DISCOVERY)
        found = jwt.PyJWKClient(address, cache_jwk_set=False, timeout=FETCH_SECONDS).fetch_data()
        if found.get("issuer") != self._issuer:
            raise ValueError("its discovery document names another issuer")
        return _checked(str(found.get("jwks_uri")))


def _verify(token: str) -> dict[str, Any]:
    issuer = jwt.decode(token, options={"verify_signature": False}).get("iss")
    audiences = settings.OIDC_PROVIDERS.get(issuer) if isinstance(issuer, str) else None
    key_id = jwt.get_unverified_header(token).get("kid")
    if not audiences or not isinstance(key_id, str):
        raise InvalidIdToken
    return jwt.decode(
        token,
        _keys_of(issuer).get_signing_key(key_id),
        algorithms=ALGORITHMS,
        audience=audiences,
        issuer=issuer,
        leeway=CLOCK_SKEW,
        options={"require": REQUIRED_CLAIMS},
    )


def _claims_of(claims: dict[str, Any], token: str) -> CoreClaims:
    # Some providers write booleans as texts.
    verified = claims.get("email_verified")
    if verified is not True and verified != "true":
        raise InvalidIdToken
    return CoreClaims(
        email=read_email(claims.get("email")),
        subject=str(claims["sub"]),
        token_id=digest_of(token),
        expires_at=datetime.fromtimestamp(int(claims["exp"]), UTC),
        issued_at=issued_at_of(claims),
    )


@lru_cache(maxsize=32)
def _keys_of(issuer: str) -> ProviderKeys:
    return ProviderKeys(issuer)


def _checked(url: str) -> str:
    """Return an address that nobody on the way can change the answer of; raise ValueError for any other."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise ValueError(f"{url} is not https")
    return url
