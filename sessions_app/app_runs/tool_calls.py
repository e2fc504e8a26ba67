"""Calling a tool of an app for somebody who has it installed (lifecycle §4.4, rest §4.2). Blocking: for REST only.

A call needs no session and no running app: the app's server knows whether it has a session of the user.
"""

import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

import msgspec
from asgiref.sync import async_to_sync

from accounts import limits
from accounts.models import User
from apps_registry.selectors import AppFacts, get_app_facts
from apps_registry.tool_selectors import get_installed_app
from sessions_app.app_runs.inspecting import call_entry
from sessions_app.app_runs.webhooks import HookAnswer, post_once
from sessions_app.clock import SystemClock
from sessions_app.errors import NoSuchTool, ToolFailed, TooManyToolCalls
from sessions_app.inspection.entries import Whose
from sessions_app.inspection.selectors import is_recorded
from sessions_app.inspection.services import store_call
from sessions_app.protocol.codec import iso
from sessions_app.protocol.webhooks import ToolCall

TOOL_SECONDS: Final = 25.0
# Each call takes a thread of its node while it lasts; one server that hangs must leave some to the others.
MOST_AT_ONCE: Final = 32
MOST_AT_ONE_HOST: Final = 8
PASSED_ON: Final = frozenset((*range(200, 300), *range(400, 600)))

_clock = SystemClock()
_places = threading.Lock()
_under_way: Counter[str] = Counter()


class ToolAnswer(NamedTuple):
    """What the app's server answered: its status and its JSON."""

    status: int
    body: Any


def call_tool(*, user: User, package: str, tool_id: str, parameters: Mapping[str, Any]) -> ToolAnswer:
    """Have an app's server do what a tool is for, and return what it answers, errors of its own included.

    The parameters are passed on as they are: what they may be, the app judges. Raises AppNotFound, NotInstalled,
    NoSuchTool, TooManyRequests, TooManyToolCalls, and ToolFailed when the server gave no answer that can be read.
    """
    app = get_installed_app(user, package)
    if not any(tool.get("id") == tool_id for tool in app.tools):
        raise NoSuchTool(f"{app.name} has no tool {tool_id[:100]}.")
    limits.take("tool", user.pk)
    facts = get_app_facts(package)
    now = _clock.now()
    body = ToolCall(tool_id, dict(parameters), user.email, iso(now))
    with _place_at(urlsplit(facts.public_url).netloc):
        answer = _post(facts, body)
    whose = Whose(facts.app_id, user.pk, "") if is_recorded(user.pk, facts) else None
    store_call(call_entry(facts.app_id, whose, "tool", answer, at=now))
    return _read(facts, answer)


def _post(facts: AppFacts, body: ToolCall) -> HookAnswer:
    answer: HookAnswer = async_to_sync(post_once)(
        facts.public_url, "/tool", body, secrets=facts.webhook_secrets, timeout_seconds=TOOL_SECONDS
    )
    return answer


def _read(facts: AppFacts, answer: HookAnswer) -> ToolAnswer:
    server = f"The server of {facts.name}"
    if answer.timed_out:
        raise ToolFailed("TIMEOUT", f"{server} did not answer within {TOOL_SECONDS:g} s.")
    if answer.status is None:
        raise ToolFailed("UNREACHABLE", f"{server} could not be called: {answer.problem}.")
    try:
        if answer.status not in PASSED_ON:
            raise ValueError("neither done nor an error")
        return ToolAnswer(answer.status, msgspec.json.decode(answer.body))
    except (ValueError, RecursionError) as problem:
        said = f"{server} answered HTTP {answer.status} without JSON of at most 64 KiB."
        raise ToolFailed("BAD_ANSWER", said) from problem


@contextmanager
def _place_at(host: str) -> Iterator[None]:
    """Hold one of this node's places for calls to a host; raise TooManyToolCalls where all are taken."""
    with _places:
        if _under_way[host] >= MOST_AT_ONE_HOST or _under_way.total() >= MOST_AT_ONCE:
            raise TooManyToolCalls("Too many tools are being called here now. Try again in a moment.")
        _under_way[host] += 1
    try:
        yield
    finally:
        with _places:
            _under_way[host] -= 1
            if not _under_way[host]:
                del _under_way[host]
