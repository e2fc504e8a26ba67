"""What is stored in place of a secret that only has to be recognised."""

import hashlib


def digest_of(secret: str) -> str:
    """Return the SHA-256 of a long random text as 64 hex digits; any text has one."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
