"""Who may say who somebody is: identity providers whose tokens are taken, and the tokens apps get of this cloud."""

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()


def read_providers(given: object) -> dict[str, list[str]]:
    """Return the audiences of each issuer from a list of `{"issuer", "audiences"}`; raise ImproperlyConfigured."""
    try:
        providers = {one["issuer"]: list(one["audiences"]) for one in given}  # type: ignore[attr-defined]
        texts = [*providers, *(name for names in providers.values() for name in names)]
        if all(providers.values()) and all(isinstance(text, str) and len(text) > 1 for text in texts):
            return providers
    except (TypeError, KeyError):
        pass
    raise ImproperlyConfigured(
        'OIDC_PROVIDERS must be like [{"issuer": "https://login.example.com", "audiences": ["client id"]}].'
    )


OIDC_PROVIDERS = read_providers(env.json("OIDC_PROVIDERS", default=[]))

# SDKs compare the issuer to the letter with the one they were built for (rest §3.1).
USER_TOKEN_ISSUER = env.str("USER_TOKEN_ISSUER", default="https://prod.augmentos.cloud")
USER_TOKEN_PRIVATE_KEY = env.str("USER_TOKEN_PRIVATE_KEY", default="")

# Addresses of this cloud besides PUBLIC_URL that phones are built with.
WEBVIEW_CLOUD_URLS: list[str] = env.list("WEBVIEW_CLOUD_URLS", default=[])
STORE_PACKAGE_NAME = env.str("STORE_PACKAGE_NAME", default="org.augmentos.store")
