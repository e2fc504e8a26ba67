"""The check of a webhook's signature that docs/security.md shows."""

import time
from typing import Any

from sessions_app.protocol.webhooks import SIGNATURE_HEADER, TIMESTAMP_HEADER, signature_headers
from tests.support.documents import DOCS, blocks_of

BODY = b'{"type":"session_request"}'


def shown() -> Any:
    (code,) = [block.text for block in blocks_of(DOCS / "security.md") if block.language == "python"]
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102
    return names["is_from_the_cloud"]


def test_the_shown_check_takes_what_the_cloud_signs_and_nothing_else() -> None:
    now = int(time.time() * 1000)
    is_from_the_cloud = shown()

    def judged(body: bytes, secret: str, at: int) -> bool:
        headers = signature_headers(["right"], at, BODY)
        return bool(is_from_the_cloud(secret, body, headers[TIMESTAMP_HEADER], headers[SIGNATURE_HEADER]))

    assert judged(BODY, "right", now)
    assert not judged(BODY, "wrong", now)
    assert not judged(BODY + b" ", "right", now)
    assert not judged(BODY, "right", now - 400_000)
