"""Signed user tokens (rest §3.1): by which an app's pages learn who looks at them, without a call. RS256, own key."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from apps_registry.errors import SigningKeyMissing
from apps_registry.rules import USER_TOKEN_LIFE, frontend_token

ALGORITHM = "RS256"
KEY_ID = "v1"


def issue_user_token(user_id: str, key_digest: str) -> str:
    """Return a token for the pages of the app whose key has this digest; raise SigningKeyMissing."""
    key, now = _private_key(), datetime.now(UTC)
    claims = {
        "sub": user_id,
        "frontendToken": frontend_token(user_id, key_digest),
        "iss": settings.USER_TOKEN_ISSUER,
        "iat": now,
        "exp": now + USER_TOKEN_LIFE,
    }
    return jwt.encode(claims, key, ALGORITHM, headers={"kid": KEY_ID})


def public_key_pem() -> str:
    """Return what apps verify signed user tokens with, as their environment takes it; raise SigningKeyMissing."""
    public = _private_key().public_key()
    return public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode()


def public_keys() -> dict[str, Any]:
    """Return the same as a set of JSON web keys; without a key of ours an empty one."""
    try:
        key = jwt.algorithms.RSAAlgorithm.to_jwk(_private_key().public_key(), as_dict=True)
    except SigningKeyMissing:
        return {"keys": []}
    # Readers look at `key_ops` and `use`, and may refuse a key that has both.
    key.pop("key_ops", None)
    return {"keys": [{**key, "kid": KEY_ID, "use": "sig", "alg": ALGORITHM}]}


def _private_key() -> RSAPrivateKey:
    if not settings.USER_TOKEN_PRIVATE_KEY:
        raise SigningKeyMissing
    return _load(settings.USER_TOKEN_PRIVATE_KEY)


@lru_cache(maxsize=2)
def _load(pem: str) -> RSAPrivateKey:
    try:
        # An environment file may not hold line breaks.
        key = serialization.load_pem_private_key(pem.replace("\\n", "\n").encode(), password=None)
    except (ValueError, TypeError) as error:
        raise ImproperlyConfigured(
            "USER_TOKEN_PRIVATE_KEY is no RSA key in PEM without a password."
        ) from error
    if not isinstance(key, RSAPrivateKey):
        raise ImproperlyConfigured("USER_TOKEN_PRIVATE_KEY is no RSA key.")
    return key
