"""Who acts now: the person a request speaks for, for whatever the request brings about."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

from accounts.models import User

_actor: ContextVar[User | AnonymousUser | None] = ContextVar("actor", default=None)


def current_actor() -> User | None:
    """Return the person who acts, or None for a command or a job of the cloud itself."""
    actor = _actor.get()
    # Not `isinstance`: the user of a request is a lazy object.
    return actor if actor is not None and actor.is_authenticated else None


@contextmanager
def acting_as(user: User | AnonymousUser | None) -> Iterator[None]:
    """Let `user` act inside the block; the user of a request costs no query until somebody asks for them."""
    token = _actor.set(user)
    try:
        yield
    finally:
        _actor.reset(token)


@sync_and_async_middleware
def acting_middleware(
    get_response: Callable[[HttpRequest], Any],
) -> Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]]:
    """Let the logged-in person act during their request; stands after the authentication middleware."""
    if iscoroutinefunction(get_response):

        async def answer_later(request: HttpRequest) -> HttpResponseBase:
            with acting_as(request.user):
                response: HttpResponseBase = await get_response(request)
                return response

        return answer_later

    def answer(request: HttpRequest) -> HttpResponseBase:
        with acting_as(request.user):
            response: HttpResponseBase = get_response(request)
            return response

    return answer
