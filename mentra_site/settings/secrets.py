"""Secrets of an embedded installation: made once, kept in the data folder, never in the repository."""

import json
import os
import secrets
from collections.abc import Callable
from pathlib import Path

NAMES = ("DJANGO_SECRET_KEY", "AUGMENTOS_AUTH_JWT_SECRET")
RSA_BITS = 2048


def embedded_secrets(data_dir: Path) -> dict[str, str]:
    """Return the secrets of `data_dir`, making `secrets.json` on first use."""
    stored: dict[str, str] = json.loads(_read_or_make(data_dir / "secrets.json", _new_secrets))
    return stored


def embedded_user_token_key(data_dir: Path) -> str:
    """Return the key that signs user tokens as PEM, making `user_token_key.pem` on first use."""
    return _read_or_make(data_dir / "user_token_key.pem", _new_rsa_key)


def _read_or_make(path: Path, make: Callable[[], str]) -> str:
    """Return what a file (mode 0600) says, making it if there is none.

    Several processes may start at once: the file appears by an atomic link, so all read the same.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.stem}-{os.getpid()}{path.suffix}")
        draft.touch(mode=0o600)
        draft.write_text(make())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()


def _new_secrets() -> str:
    return json.dumps({name: secrets.token_urlsafe(48) for name in NAMES})


def _new_rsa_key() -> str:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return pem.decode()
