"""Calls of the app's tools, which assistants make for a user (lifecycle §4.4). Knows no HTTP."""

import asyncio
import inspect
import logging
from collections.abc import Callable
from typing import Any

import msgspec

from mentra_sdk.errors import MalformedMessage, ToolError
from mentra_sdk.handlers import describe
from mentra_sdk.session import MentraSession
from mentra_sdk.wire import Timestamp

# The cloud waits 25 s for the whole answer.
ANSWER_SECONDS = 24.0

logger = logging.getLogger("mentra_sdk")


class ToolCall(msgspec.Struct, frozen=True, kw_only=True):
    """One call of a tool that the app declares; its user needs no running session for it.

    `parameters` are what the caller gave, by the names the tool declares; nobody has checked them. `session` is
    the user's session of this app, or None.
    """

    tool_id: str
    parameters: dict[str, Any]
    user_id: str
    timestamp: Timestamp = None
    session: MentraSession | None = None


class ToolRequest(msgspec.Struct, rename="camel", frozen=True):
    """The body of a call."""

    tool_id: str
    user_id: str
    tool_parameters: dict[str, Any] | None = None
    timestamp: Timestamp = None

    def with_session(self, session: MentraSession | None) -> ToolCall:
        """Return the call as its handler gets it."""
        return ToolCall(
            tool_id=self.tool_id,
            parameters=self.tool_parameters or {},
            user_id=self.user_id,
            timestamp=self.timestamp,
            session=session,
        )


def decode_tool_call(body: bytes) -> ToolRequest:
    """Return the call in `body`; raises MalformedMessage."""
    try:
        return msgspec.json.decode(body, type=ToolRequest)
    except msgspec.MsgspecError as problem:
        raise MalformedMessage(str(problem)) from problem


class Tools:
    """The author's function for tool calls, and what becomes of one call."""

    def __init__(self, *, answer_seconds: float = ANSWER_SECONDS) -> None:
        self.handler: Callable[[ToolCall], object] | None = None
        self._answer_seconds = answer_seconds

    async def ask(self, call: ToolCall) -> str | None:
        """Return what the handler replies.

        Raises ToolError: the handler's own, with its sentence, or one of status 404 without a handler, 504 when it
        takes too long, 500 for anything else it raises; that is logged, and its text stays here.
        """
        if self.handler is None:
            raise ToolError("This app answers no tool calls", status=404)
        log = call.session.log if call.session is not None else logger
        try:
            async with asyncio.timeout(self._answer_seconds) as limit:
                reply = self.handler(call)
                if inspect.isawaitable(reply):
                    reply = await reply
        except ToolError as refusal:
            log.info("the tool %s answers with an error: %s", call.tool_id, refusal)
            raise
        except Exception as problem:
            if limit.expired():
                log.warning("%s took too long for the tool %s", describe(self.handler), call.tool_id)
                raise ToolError("The tool took too long", status=504) from problem
            log.exception("%s raised for the tool %s", describe(self.handler), call.tool_id)
            raise ToolError("The tool failed", status=500) from problem
        if reply is not None and not isinstance(reply, str):
            log.error("%s replied %s instead of text", describe(self.handler), type(reply).__name__)
            raise ToolError("The tool failed", status=500)
        return reply
