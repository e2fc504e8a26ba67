"""The keys that signed user tokens are verified with (rest §3.1): given, or those a cloud publishes."""

import asyncio
import time
from typing import Protocol

import aiohttp
import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from mentra_sdk.dialing import is_loopback
from mentra_sdk.errors import VisitorUnknown

PATH = "/.well-known/jwks.json"
KEPT_SECONDS = 3600
LEAST_SECONDS_BETWEEN = 60
ANSWER_SECONDS = 10
OK = 200

VerifyingKey = RSAPublicKey | jwt.PyJWK


class SigningKeys(Protocol):
    """Where keys come from."""

    async def find(self, key_id: str | None) -> VerifyingKey | None:
        """Return the key of that name, or None; raises VisitorUnknown when nobody could be asked."""


class GivenKey:
    """The one key whose PEM the app was configured with; raises ValueError when it is none."""

    def __init__(self, pem: str) -> None:
        # An environment file may not hold line breaks.
        key = load_pem_public_key(pem.replace("\\n", "\n").encode())
        if not isinstance(key, RSAPublicKey):
            raise ValueError("user tokens are signed with RSA; this is another kind of key")
        self._key = key

    async def find(self, key_id: str | None) -> VerifyingKey | None:
        return self._key


class CloudKeys:
    """The keys of a cloud, asked for when they are needed and kept for an hour.

    A name that is not among them makes it ask again, at most once a minute: a cloud may change its key.
    """

    def __init__(self, cloud_url: str) -> None:
        self._url = f"{cloud_url}{PATH}"
        self._keys: dict[str | None, jwt.PyJWK] = {}
        self._asked_at: float | None = None
        self._turn = asyncio.Lock()

    async def find(self, key_id: str | None) -> VerifyingKey | None:
        async with self._turn:
            age = KEPT_SECONDS if self._asked_at is None else time.monotonic() - self._asked_at
            if age >= (KEPT_SECONDS if key_id in self._keys else LEAST_SECONDS_BETWEEN):
                self._keys = {key.key_id: key for key in await self._ask()}
                self._asked_at = time.monotonic()
            return self._keys.get(key_id)

    async def _ask(self) -> list[jwt.PyJWK]:
        timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout, trust_env=not is_loopback(self._url)) as http,
                http.get(self._url) as answer,
            ):
                if answer.status != OK:
                    raise VisitorUnknown(f"the cloud answers {answer.status} for its keys")
                published = await answer.json(content_type=None)
        except (aiohttp.ClientError, OSError, ValueError) as problem:
            raise VisitorUnknown(f"the cloud does not tell its keys: {problem!r}") from problem
        try:
            return jwt.PyJWKSet.from_dict(published).keys
        except (jwt.PyJWTError, AttributeError, TypeError):
            return []
