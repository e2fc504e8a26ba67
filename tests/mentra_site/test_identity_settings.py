"""Identity providers are named completely or the cloud does not start."""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from mentra_site.settings.identity import read_providers

ISSUER = "https://login.example.com"


def test_providers_are_found_by_their_issuer() -> None:
    given = [
        {"issuer": ISSUER, "audiences": ["phones", "web"]},
        {"issuer": f"{ISSUER}/2", "audiences": ["x1"]},
    ]
    assert read_providers(given) == {ISSUER: ["phones", "web"], f"{ISSUER}/2": ["x1"]}
    assert read_providers([]) == {}


@pytest.mark.parametrize(
    "given",
    [
        5,
        {"issuer": ISSUER},
        [ISSUER],
        [{"issuer": ISSUER}],
        [{"issuer": ISSUER, "audiences": []}],
        [{"issuer": ISSUER, "audiences": "phones"}],
        [{"issuer": None, "audiences": ["phones"]}],
    ],
)
def test_anything_else_is_refused(given: Any) -> None:
    with pytest.raises(ImproperlyConfigured, match="OIDC_PROVIDERS"):
        read_providers(given)
