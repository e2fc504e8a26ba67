"""No request that the description allows, and none near it, breaks anything or is answered in an undescribed way."""

import json
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.test import Client
from hypothesis import HealthCheck, settings
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from accounts.services import make_cli_key
from consoles.api import heap
from sessions_app.api import own_photos
from sessions_app.media.awaiting import await_photo
from sessions_app.models import AwaitedPhoto
from tests.support.personas import CAPTIONS, DORA, make_app, make_installation, make_token, make_user

pytestmark = pytest.mark.django_db


def nothing_broke(ctx: Any, response: Any, case: schemathesis.Case[Any]) -> None:
    """Refuse 500; what else means that something is away, the description names."""
    assert response.status_code != 500, response.text


CHECKS: list[Any] = [
    nothing_broke,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


def few(examples: int) -> settings:
    """Return settings for so many examples an operation, the same at each run.

    A rare surprise belongs in a test of its own, not into somebody's landing.
    """
    return settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


def described() -> Any:
    """Return the description, each operation of which is asked with generated requests only."""
    schema = schemathesis.openapi.from_dict(json.loads(Client().get("/api/schema/").content))
    schema.app = get_wsgi_application()
    schema.config.generation.modes = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
    schema.config.generation.with_security_parameters = False
    schema.config.phases.examples.enabled = False
    schema.config.phases.coverage.enabled = False
    return schema


API = described()
# Endpoints that stand elsewhere too, for another token.
SAME_AGAIN = "^/api/(cli|orgs|dev)"


@pytest.fixture
def somebody(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Return the tokens of an operator who owns all there is, and the ids there are."""
    monkeypatch.setattr(heap, "sleep", lambda seconds: None)
    monkeypatch.setattr(own_photos, "POLL_SECONDS", 0.0)
    dora = make_user(DORA)
    captions = make_app(CAPTIONS, published=False)
    app = captions.app
    key, cli = make_cli_key(user=dora, name="laptop")
    core = make_token(DORA)
    make_user(DORA, staff=True)
    ids = {"package": CAPTIONS, "org_id": app.organization_id, "member_id": dora.pk, "key_id": key.key_id}
    sdk = f"{CAPTIONS}:{captions.api_key}"
    ids["request_id"] = "p1"
    make_installation(dora, app)
    ids["user_id"] = DORA
    upload = await_photo(user_pk=dora.pk, kind=AwaitedPhoto.Kind.PHONE, request_id="p1")
    ids["token"] = await_photo(user_pk=dora.pk, kind=AwaitedPhoto.Kind.RELAY, request_id="p1")
    return {"core": core, "console": core, "cli": cli, "sdk": sdk, "upload": upload, "ids": ids}


@API.exclude(path_regex=SAME_AGAIN).parametrize()  # type: ignore[untyped-decorator]
@few(2)
def test_a_stranger_breaks_nothing(case: schemathesis.Case[Any]) -> None:
    case.call_and_validate(checks=CHECKS)


@API.parametrize()  # type: ignore[untyped-decorator]
@few(3)
def test_somebody_breaks_nothing(case: schemathesis.Case[Any], somebody: dict[str, Any]) -> None:
    kind = next(iter(case.operation.definition.raw.get("security", [{}])[0]), None)
    if kind is not None:
        case.headers["authorization"] = f"Bearer {somebody[kind]}"
    for name in case.path_parameters.keys() & somebody["ids"].keys():
        case.path_parameters[name] = str(somebody["ids"][name])
    case.call_and_validate(checks=CHECKS)
