"""Who looks at an app's page (rest §3.1): for web servers of any framework, beside a MiniAppServer or without one.

Needs PyJWT with its cryptography: `pip install "open-glasses-sdk[webview]"`.
"""

import hashlib
import hmac
import time
from collections.abc import Mapping
from typing import Any

import aiohttp
import jwt
import msgspec

from mentra_sdk.dialing import is_loopback
from mentra_sdk.errors import VisitorUnknown
from mentra_sdk.webview_keys import CloudKeys, GivenKey, SigningKeys

SIGNED, TEMPORARY, FRONTEND = "aos_signed_user_token", "aos_temp_token", "aos_frontend_token"
CLOUD_URL, CLOUD_URL_CHECKSUM = "cloudApiUrl", "cloudApiUrlChecksum"
PROOFS = frozenset({SIGNED, TEMPORARY, FRONTEND})
PARAMETERS = PROOFS | {CLOUD_URL, CLOUD_URL_CHECKSUM}

ISSUER = "https://prod.augmentos.cloud"
LEEWAY_SECONDS = 120
ANSWER_SECONDS = 10
COOKIE_SECONDS = 30 * 24 * 3600
LOWEST_FAULT_OF_THE_CLOUD, TOO_MANY = 500, 429


class _Visitor(msgspec.Struct, rename="camel"):
    user_id: str


class Visitors:
    """Tells which user of the cloud looks at a page of the app.

    `cloud_url` is the cloud's address; signed tokens are verified with the keys at its `/.well-known/jwks.json`, or
    with `public_key` (PEM) where a cloud publishes none. `issuer` is the one signed tokens must name.
    """

    def __init__(
        self,
        *,
        package_name: str,
        api_key: str,
        cloud_url: str,
        public_key: str | None = None,
        issuer: str = ISSUER,
    ) -> None:
        self._package_name = package_name
        self._api_key = api_key
        self._key_digest = hashlib.sha256(api_key.encode()).hexdigest()
        self._cloud_url = cloud_url.rstrip("/")
        self._issuer = issuer
        self._keys: SigningKeys = GivenKey(public_key) if public_key else CloudKeys(self._cloud_url)

    async def find(self, parameters: Mapping[str, str]) -> str | None:
        """Return the user whom the query parameters of a page's address name, or None when no proof holds.

        A temporary token is good once: keep the answer, in a cookie of `make_cookie`. Raises VisitorUnknown when a
        proof could not be judged because the cloud did not answer.
        """
        trouble: VisitorUnknown | None = None
        for name, judge in ((SIGNED, self._judge_signed), (TEMPORARY, self._exchange)):
            if not parameters.get(name):
                continue
            try:
                user = await judge(parameters)
            except VisitorUnknown as problem:
                trouble = problem
            else:
                if user is not None:
                    return user
        user = self.read_frontend_token(parameters.get(FRONTEND, ""))
        if user is None and trouble is not None:
            raise trouble
        return user

    def frontend_token(self, user_id: str) -> str:
        """Return by what a page proves to this server who looks at it. It is good until the key changes."""
        return f"{user_id}:{self._hash(user_id)}"

    def read_frontend_token(self, token: str) -> str | None:
        """Return whom a frontend token names, or None."""
        user_id, _, digest = token.rpartition(":")
        return user_id if user_id and _are_equal(digest, self._hash(user_id)) else None

    def make_cookie(self, user_id: str, *, seconds: int = COOKIE_SECONDS) -> str:
        """Return the value of a cookie that names the user for so long, to this app only."""
        claims = {"sub": user_id, "aud": self._package_name, "exp": int(time.time()) + seconds}
        return jwt.encode(claims, self._cookie_key, "HS256")

    def read_cookie(self, value: str) -> str | None:
        """Return whom a cookie names, or None when it is not good or no longer."""
        try:
            claims = jwt.decode(value, self._cookie_key, ["HS256"], audience=self._package_name)
        except jwt.InvalidTokenError:
            return None
        return _text(claims.get("sub"))

    async def _judge_signed(self, parameters: Mapping[str, str]) -> str | None:
        token = parameters[SIGNED]
        try:
            key = await self._keys.find(jwt.get_unverified_header(token).get("kid"))
            if key is None:
                return None
            claims = jwt.decode(
                token,
                key,
                ["RS256"],
                issuer=self._issuer,
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "iss", "sub"]},
            )
        except jwt.InvalidTokenError:
            return None
        user_id = _text(claims["sub"])
        # The signature names no app. Without this an app could show another one the token of a visitor of its own.
        if user_id is None or self.read_frontend_token(str(claims.get("frontendToken", ""))) != user_id:
            return None
        return user_id

    async def _exchange(self, parameters: Mapping[str, str]) -> str | None:
        url = f"{self._address_of_cloud(parameters)}/api/auth/exchange-user-token"
        body = {"aos_temp_token": parameters[TEMPORARY], "packageName": self._package_name}
        headers = {"Authorization": f"Bearer {self._package_name}:{self._api_key}"}
        timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout, trust_env=not is_loopback(url)) as http,
                http.post(url, json=body, headers=headers, allow_redirects=False) as answer,
            ):
                said = await answer.read()
        except (aiohttp.ClientError, OSError) as problem:
            raise VisitorUnknown(f"the cloud does not answer: {problem!r}") from problem
        if answer.status >= LOWEST_FAULT_OF_THE_CLOUD or answer.status == TOO_MANY:
            raise VisitorUnknown(f"the cloud answers {answer.status}")
        try:
            return msgspec.json.decode(said, type=_Visitor).user_id or None
        except msgspec.DecodeError:
            return None

    def _address_of_cloud(self, parameters: Mapping[str, str]) -> str:
        """Return the address the page was opened with, if somebody who knows the key vouches for it."""
        named, checksum = parameters.get(CLOUD_URL, ""), parameters.get(CLOUD_URL_CHECKSUM, "")
        vouched = bool(named) and _are_equal(checksum, self._hash(named))
        return named.rstrip("/") if vouched else self._cloud_url

    def _hash(self, text: str) -> str:
        return hashlib.sha256((text + self._key_digest).encode()).hexdigest()

    @property
    def _cookie_key(self) -> bytes:
        return hmac.digest(self._api_key.encode(), b"cookie of a webview", "sha256")


def _are_equal(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())


def _text(claim: Any) -> str | None:
    return claim if isinstance(claim, str) and claim else None
