"""Apps have the managed stream they watch sent on by REST (media.md §6.4)."""

from typing import Any

import pytest

from accounts.models import User
from sessions_app.models import UserSession
from sessions_app.outbound.commands import AddOutput, ListOutputs, OutputFacts, RemoveOutput, Reply
from sessions_app.states import SessionRef, StreamKind, StreamState
from sessions_app.streaming.sending_on import Refused
from sessions_app.streaming.services import columns_of, record_stream
from sessions_app.streaming.stream import Stream, Wish
from tests.sessions_app.api.conftest import Ask, Owners
from tests.support.fake_clock import START
from tests.support.personas import ADA, CAPTIONS, make_app

pytestmark = pytest.mark.django_db
PATH = "/api/streams/m1/outputs"
URL = "rtmp://tube.example/live/key"


@pytest.fixture
def token(owners: Owners) -> str:
    """The token of an app, and a stream of Ada's that runs."""
    session = UserSession.objects.get(user=User.objects.get(email=ADA))
    stream = Stream(
        stream_id="m1",
        kind=StreamKind.MANAGED,
        owner=CAPTIONS,
        wish=Wish(),
        started_at=START,
        state=StreamState.ACTIVE,
    )
    ref = SessionRef(str(session.pk), ADA, session.user_id, session.generation)  # type: ignore[arg-type]
    record_stream(ref=ref, stream_id="m1", columns=columns_of(stream, START))
    return f"{CAPTIONS}:{make_app(CAPTIONS).api_key}"


def test_an_output_is_added_listed_and_removed(ask: Ask, owners: Owners, token: str) -> None:
    facts = OutputFacts("out1", URL, "Tube", "active")
    told = {"outputId": "out1", "url": URL, "name": "Tube", "status": "active"}
    owners.reply = Reply(ok=True, outputs=[facts])
    body: dict[str, Any] = {"url": URL, "name": "Tube", "packageName": "com.example.somebody"}
    assert ask("POST", PATH, body, token=token) == (201, {"success": True, "output": told})
    assert ask("GET", PATH, token=token) == (200, {"success": True, "outputs": [told]})
    assert ask("DELETE", f"{PATH}/out1", token=token) == (200, {"success": True})
    assert owners.asked == [
        AddOutput("m1", CAPTIONS, URL, "Tube"),
        ListOutputs("m1", CAPTIONS),
        RemoveOutput("m1", CAPTIONS, "out1"),
    ]


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (Refused.MALFORMED, 400),
        (Refused.NOT_A_VIEWER, 403),
        (Refused.NOT_YOURS, 403),
        (Refused.STREAM_NOT_FOUND, 404),
        (Refused.MAX_OUTPUTS_REACHED, 409),
        (Refused.DUPLICATE_URL, 409),
        (Refused.MEDIA_SERVER, 502),
    ],
)
def test_every_refusal_has_its_status(
    ask: Ask, owners: Owners, token: str, code: Refused, status: int
) -> None:
    owners.reply = Reply(ok=False, code=code, message="because")
    assert ask("POST", PATH, {"url": URL}, token=token) == (status, {"error": code, "message": "because"})


def test_a_session_that_changes_hands_and_an_unknown_stream_are_not_found(
    ask: Ask, owners: Owners, token: str
) -> None:
    owners.reply = Reply(ok=False, code="NO_ACTIVE_SESSION", message="on its way")
    assert ask("GET", PATH, token=token)[1]["error"] == "STREAM_NOT_FOUND"
    assert ask("GET", "/api/streams/m2/outputs", token=token)[0] == 404
    assert ask("GET", "/api/streams/m%001/outputs", token=token)[0] == 404


def test_a_key_and_an_address_are_needed(ask: Ask, owners: Owners, token: str) -> None:
    assert ask("POST", PATH, {"url": URL}, token=f"{CAPTIONS}:wrong")[0] == 401
    assert ask("POST", PATH, {}, token=token)[0] == 400
    assert not owners.asked
