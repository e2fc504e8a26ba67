"""Whether a session is well, and logging out."""

from datetime import timedelta

import pytest
from django.utils import timezone

from sessions_app.errors import OwnerUnreachable
from sessions_app.lifecycle.services import GOODBYE_SECONDS, end_soon, lose_phone, open_session
from sessions_app.models import UserSession
from sessions_app.outbound import owner
from sessions_app.outbound.commands import CheckPhone, Reply, SayGoodbye
from sessions_app.states import SessionState
from tests.sessions_app.api.conftest import Ask, Owners
from tests.support.personas import ADA, make_user
from tests.support.sessions import connect_phone, last_detail, row_of

pytestmark = pytest.mark.django_db
UNWELL = "NO_ACTIVE_SESSION_OR_WEBSOCKET"


def test_a_session_is_well_while_its_phone_is_there(owners: Owners, ask: Ask) -> None:
    assert ask("GET", "/api/client/session-health") == (200, {"healthy": True})
    assert owners.asked == [CheckPhone()]
    owners.reply = Reply(ok=False, code="PHONE_DISCONNECTED", message="The phone's socket is closed")
    status, body = ask("GET", "/api/client/session-health")
    assert (status, body["error"]) == (503, UNWELL)
    status, body = ask("GET", "/api/client/session-health", email="nobody@example.com")
    assert (status, body["error"]) == (503, UNWELL)


def test_goodbye_is_told_to_the_owner_and_is_done_without_one(owners: Owners, ask: Ask) -> None:
    assert ask("POST", "/api/client/goodbye", {}) == (200, {"success": True})
    assert owners.asked == [SayGoodbye()]
    assert ask("POST", "/api/client/goodbye", email="nobody@example.com") == (200, {"success": True})


def test_a_session_whose_owner_is_away_ends_soon_as_well(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: object, **__: object) -> Reply:
        raise OwnerUnreachable("The node does not answer")

    monkeypatch.setattr(owner, "ask", away)
    ref = connect_phone(make_user(ADA)).ref
    assert ask("POST", "/api/client/goodbye", {})[0] == 200
    row = row_of(ref)
    assert row.state == SessionState.DISCONNECTED
    assert row.dispose_after is not None
    assert row.dispose_after <= timezone.now() + timedelta(seconds=GOODBYE_SECONDS)
    assert last_detail(ref) == "goodbye"


def test_goodbye_only_ever_hastens_the_end() -> None:
    now, user = timezone.now(), make_user(ADA)
    ref = open_session(user_pk=user.pk, user_id=ADA, node_id="n1", now=now).ref
    lose_phone(ref=ref, cause="closed", grace_seconds=300, now=now)
    end_soon(ref=ref, now=now)
    end_soon(ref=ref, now=now + timedelta(seconds=3))
    assert row_of(ref).dispose_after == now + timedelta(seconds=GOODBYE_SECONDS)


def test_a_phone_that_came_anew_is_not_ended() -> None:
    now, user = timezone.now(), make_user(ADA)
    ref = open_session(user_pk=user.pk, user_id=ADA, node_id="n1", now=now).ref
    end_soon(ref=ref, now=now)
    open_session(user_pk=user.pk, user_id=ADA, node_id="n1", now=now)
    row = UserSession.objects.get(pk=ref.session_id)
    assert (row.state, row.dispose_after) == (SessionState.ACTIVE, None)
