"""Who acts, and for how long."""

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from accounts.acting import acting_as, acting_middleware, current_actor
from accounts.models import User

ADA = User(pk=1, email="ada@example.com")


def _request(user: User | AnonymousUser) -> HttpRequest:
    request = RequestFactory().get("/")
    request.user = user
    return request


def test_nobody_acts_outside_a_block() -> None:
    with acting_as(ADA):
        assert current_actor() == ADA
    assert current_actor() is None


def test_a_visitor_who_is_not_logged_in_is_nobody() -> None:
    with acting_as(AnonymousUser()):
        assert current_actor() is None


def test_an_error_ends_the_block() -> None:
    with pytest.raises(RuntimeError), acting_as(ADA):
        raise RuntimeError
    assert current_actor() is None


def test_the_visitor_acts_during_a_request() -> None:
    seen: list[User | None] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(current_actor())
        return HttpResponse()

    acting_middleware(view)(_request(ADA))
    assert seen == [ADA]
    assert current_actor() is None


async def test_the_visitor_acts_in_the_threads_of_an_asynchronous_request() -> None:
    seen: list[User | None] = []

    async def view(request: HttpRequest) -> HttpResponse:
        seen.append(await sync_to_async(current_actor)())
        return HttpResponse()

    answer = acting_middleware(view)(_request(ADA))
    assert not isinstance(answer, HttpResponse)
    await answer  # type: ignore[misc]
    assert seen == [ADA]
    assert current_actor() is None
