"""An OpenID Connect provider on this machine, with real keys and real requests."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

AUDIENCE = "glasses"


def new_key() -> RSAPrivateKey:
    """Return a key like those of providers."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class IdentityProvider:
    """What a provider says; a test changes `keys` (by id) and `discovery`, and counts what was asked for."""

    def __init__(self, issuer: str, key: RSAPrivateKey) -> None:
        self.issuer = issuer
        self.keys = {"one": key}
        self.discovery: dict[str, Any] = {"issuer": issuer, "jwks_uri": f"{issuer}/keys"}
        self.asked: list[str] = []

    def answer(self, path: str) -> dict[str, Any] | None:
        """Return what is at a path."""
        self.asked.append(path)
        if path == "/.well-known/openid-configuration":
            return self.discovery
        if path != "/keys":
            return None
        algorithm = jwt.algorithms.RSAAlgorithm
        keys = [
            {**algorithm.to_jwk(key.public_key(), as_dict=True), "kid": kid, "alg": "RS256", "use": "sig"}
            for kid, key in self.keys.items()
        ]
        for one in keys:
            one.pop("key_ops", None)
        return {"keys": keys}

    def token(self, *, kid: str = "one", key: Any = None, algorithm: str = "RS256", **claims: Any) -> str:
        """Return an ID token of Ada's; `claims` replace its own, None takes one away."""
        now = int(time.time())
        said = {
            "iss": self.issuer,
            "aud": AUDIENCE,
            "sub": "ada-at-the-provider",
            "iat": now,
            "exp": now + 600,
            "email": "Ada@Example.com",
            "email_verified": True,
            **claims,
        }
        said = {name: value for name, value in said.items() if value is not None}
        return jwt.encode(said, key or self.keys[kid], algorithm, headers={"kid": kid})


@contextmanager
def running_provider(key: RSAPrivateKey) -> Iterator[IdentityProvider]:
    """Run a provider that signs with `key`."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            said = provider.answer(self.path)
            self.send_response(404 if said is None else 200)
            self.end_headers()
            self.wfile.write(json.dumps(said).encode())

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = IdentityProvider(f"http://127.0.0.1:{server.server_port}", key)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
