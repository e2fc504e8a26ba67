"""How nodes and speech workers of one deployment know each other: by a secret that follows from SECRET_KEY."""

import hashlib
import hmac
import secrets

from django.conf import settings

NONCE_BYTES = 32
_SALT = b"sessions_app.speech.proof"


def new_nonce() -> bytes:
    """Return what a worker challenges one connection with."""
    return secrets.token_bytes(NONCE_BYTES)


def proof_of(nonce: bytes) -> bytes:
    """Return the proof that this process knows the deployment's secret."""
    secret = hmac.digest(_SALT, settings.SECRET_KEY.encode(), hashlib.sha256)
    return hmac.digest(secret, nonce, hashlib.sha256)


def is_proof(nonce: bytes, proof: bytes) -> bool:
    """Whether the other side knows the secret too."""
    return hmac.compare_digest(proof_of(nonce), proof)
