"""Which function takes which message."""

from collections.abc import Callable
from typing import Any, TypeVar

from sessions_app.app_runs.seat import AppSeat
from sessions_app.lifecycle.runtime import SessionRuntime
from sessions_app.protocol.base import AppMessage, GlassesMessage

GlassesHandler = Callable[[SessionRuntime, Any, str], None]
AppHandler = Callable[[SessionRuntime, AppSeat, Any], None]
G = TypeVar("G", bound=GlassesHandler)
A = TypeVar("A", bound=AppHandler)

GLASSES_HANDLERS: dict[type[GlassesMessage], GlassesHandler] = {}
APP_HANDLERS: dict[type[AppMessage], AppHandler] = {}


def from_glasses(*messages: type[GlassesMessage]) -> Callable[[G], G]:
    """Register a function `(runtime, message, raw)`; `raw` is the frame as it came."""

    def register(handler: G) -> G:
        for message in messages:
            _once(GLASSES_HANDLERS, message)
            GLASSES_HANDLERS[message] = handler
        return handler

    return register


def from_app(*messages: type[AppMessage]) -> Callable[[A], A]:
    """Register a function `(runtime, seat, message)`."""

    def register(handler: A) -> A:
        for message in messages:
            _once(APP_HANDLERS, message)
            APP_HANDLERS[message] = handler
        return handler

    return register


def _once(known: dict[Any, Any], message: type) -> None:
    if message in known:
        raise RuntimeError(f"{message.__name__} has two handlers")
