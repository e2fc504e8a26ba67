"""Whoever has a good token is let in; everybody else reads the bodies of rest §1."""

from collections.abc import Sequence

import pytest
from django.conf import settings
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework_simplejwt.backends import TokenBackend

from accounts.acting import current_actor
from accounts.api.authentication import (
    BearerAuthentication,
    CliAuthentication,
    ConsoleAuthentication,
    CoreAuthentication,
    OptionalCoreAuthentication,
)
from accounts.api.views import ApiView, asking_user
from accounts.console_tokens import issue_console_token
from accounts.services import make_cli_key, revoke_cli_key, revoke_token
from accounts.tokens import read_core_token
from tests.support.personas import ADA, make_token, make_user

pytestmark = pytest.mark.django_db
requests = APIRequestFactory()


class WhoAmI(ApiView):
    authentication_classes: Sequence[type[BearerAuthentication]] = (CoreAuthentication,)

    def get(self, request: Request) -> Response:
        actor = current_actor()
        return Response({"user": asking_user(request).email, "actor": actor.email if actor else None})


class WhoseConsole(WhoAmI):
    authentication_classes = (ConsoleAuthentication,)


class WhoseCommandLine(WhoAmI):
    authentication_classes = (CliAuthentication,)


class WhoIsThere(ApiView):
    authentication_classes = (OptionalCoreAuthentication,)

    def get(self, request: Request) -> Response:
        return Response({"user": str(request.user) if request.user else None})


def ask(header: str | None, view: type[ApiView] = WhoAmI) -> Response:
    headers = {} if header is None else {"authorization": header}
    return view.as_view()(requests.get("/api/who", headers=headers))


def test_a_good_token_says_who_asks_and_acts() -> None:
    answer = ask(f"Bearer {make_token()}")

    assert (answer.status_code, answer.data) == (200, {"user": ADA, "actor": ADA})
    assert current_actor() is None


def test_the_word_bearer_may_be_written_in_any_case() -> None:
    assert ask(f"bearer {make_token()}").status_code == 200


@pytest.mark.parametrize("header", [None, "", "Bearer", "Basic abc", "Bearer a b", "Bearer ä"])
def test_a_missing_header_is_told(header: str | None) -> None:
    answer = ask(header)

    assert answer.status_code == 401
    assert answer.data["error"] == "Authorization header missing or invalid"
    assert sorted(answer.data) == ["error", "message"]
    assert answer["WWW-Authenticate"] == 'Bearer realm="core"'


def test_a_token_that_is_not_ours_is_refused() -> None:
    assert ask("Bearer nonsense").data["error"] == "Invalid or expired token"


def test_an_expired_token_is_refused() -> None:
    assert ask(f"Bearer {make_token(days=-1)}").data["error"] == "Invalid or expired token"


def test_a_token_without_address_is_refused() -> None:
    backend = TokenBackend("HS256", signing_key=settings.AUGMENTOS_AUTH_JWT_SECRET)
    token = backend.encode({"sub": "1", "exp": 4102444800})

    assert ask(f"Bearer {token}").data["error"] == "Invalid token data"


def test_a_withdrawn_token_is_refused() -> None:
    token = make_token()
    revoke_token(token_id=read_core_token(token).token_id, expires_at=None)

    answer = ask(f"Bearer {token}")
    assert (answer.status_code, answer.data["error"]) == (401, "Invalid token")


def test_a_person_who_is_not_active_is_refused() -> None:
    token = make_token()
    user = make_user()
    user.is_active = False
    user.save()

    assert ask(f"Bearer {token}").status_code == 401


def test_where_a_token_is_optional_nobody_may_come_but_a_bad_token_may_not() -> None:
    assert ask(None, WhoIsThere).data == {"user": None}
    assert ask(f"Bearer {make_token()}", WhoIsThere).data == {"user": ADA}
    assert ask("Bearer nonsense", WhoIsThere).status_code == 401


def test_each_kind_of_token_opens_its_own_doors_only() -> None:
    user = make_user()
    core, console, (_, cli) = make_token(), issue_console_token(user), make_cli_key(user=user, name="laptop")
    doors = {
        view: [ask(f"Bearer {token}", view).status_code for token in (core, console, cli)]
        for view in (WhoAmI, WhoseConsole, WhoseCommandLine)
    }

    assert doors == {
        WhoAmI: [200, 401, 401],
        WhoseConsole: [200, 200, 401],
        WhoseCommandLine: [401, 401, 200],
    }


def test_a_key_that_was_revoked_is_refused() -> None:
    key, token = make_cli_key(user=make_user(), name="laptop")
    assert ask(f"Bearer {token}", WhoseCommandLine).data["user"] == ADA
    revoke_cli_key(key=key)

    answer = ask(f"Bearer {token}", WhoseCommandLine)
    assert (answer.status_code, answer.data["error"]) == (401, "Invalid or expired token")
