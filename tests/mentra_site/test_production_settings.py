"""In production nothing has a well-known default: what is missing is named and nothing starts (P-60)."""

import importlib
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

PRODUCTION = "mentra_site.settings.prod"
NEEDED = {
    "DJANGO_SECRET_KEY",
    "AUGMENTOS_AUTH_JWT_SECRET",
    "DATABASE_URL",
    "REDIS_URL",
    "PUBLIC_URL",
    "DJANGO_ALLOWED_HOSTS",
}


@pytest.mark.parametrize("missing", sorted(NEEDED))
def test_without_it_nothing_starts(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NEEDED:
        monkeypatch.setenv(name, "given")
    monkeypatch.delenv(missing)
    monkeypatch.delitem(sys.modules, PRODUCTION, raising=False)
    with pytest.raises(ImproperlyConfigured, match=f": {missing}\\.$"):
        importlib.import_module(PRODUCTION)
