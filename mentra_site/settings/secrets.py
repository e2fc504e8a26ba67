"""Secrets of an embedded installation: made once, kept in the data folder, never in the repository."""

import json
import os
import secrets
from pathlib import Path

NAMES = ("DJANGO_SECRET_KEY", "AUGMENTOS_AUTH_JWT_SECRET")


def embedded_secrets(data_dir: Path) -> dict[str, str]:
    """Return the secrets of `data_dir`, making `secrets.json` (mode 0600) on first use.

    Several processes may start at once: the file appears by an atomic link, so all read the same values.
    """
    path = data_dir / "secrets.json"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        draft = data_dir / f".secrets-{os.getpid()}.json"
        draft.touch(mode=0o600)
        draft.write_text(json.dumps({name: secrets.token_urlsafe(48) for name in NAMES}))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    stored: dict[str, str] = json.loads(path.read_text())
    return stored
