"""What the cloud calls the app's HTTP server for (lifecycle §4), as routes. Knows no socket and no author."""

import logging

from mentra_sdk import webhooks
from mentra_sdk.asgi import Answer
from mentra_sdk.errors import ConnectionFailed, MalformedMessage, ToolError
from mentra_sdk.routing import Request, Route, failure
from mentra_sdk.running_sessions import RunningSessions
from mentra_sdk.session import SessionLog
from mentra_sdk.tools import Tools, decode_tool_call

STOP_ANSWER_SECONDS = 4

logger = logging.getLogger("mentra_sdk")


class CloudCalls:
    """The answers to the cloud's calls."""

    def __init__(self, package_name: str, running: RunningSessions, tools: Tools) -> None:
        self._package_name = package_name
        self._running = running
        self._tools = tools

    def list_routes(self) -> dict[tuple[str, str], Route]:
        """Return the routes by method and path."""
        return {
            ("GET", "/health"): Route(self._describe_health, is_signed=False),
            ("POST", "/webhook"): Route(self._take_webhook),
            ("POST", "/settings"): Route(self._take_settings),
            ("POST", "/tool"): Route(self._take_tool_call),
        }

    async def _describe_health(self, request: Request) -> Answer:
        count = len(self._running.list_sessions())
        return Answer(200, {"status": "healthy", "app": self._package_name, "activeSessions": count})

    async def _take_webhook(self, request: Request) -> Answer:
        try:
            webhook = webhooks.decode_webhook(request.body)
        except MalformedMessage as problem:
            logger.warning("refused a webhook: %s", problem)
            return failure(400, "Unknown webhook request type")
        if isinstance(webhook, webhooks.StopRequest):
            await self._running.stop(webhook, wait_seconds=STOP_ANSWER_SECONDS)
            return Answer(200, {"status": "success"})
        try:
            await self._running.start(webhook)
        except ConnectionFailed as problem:
            SessionLog(webhook.session_id).error("%s", problem)
            return failure(500, "Failed to connect")
        return Answer(200, {"status": "success"})

    async def _take_settings(self, request: Request) -> Answer:
        try:
            post = webhooks.decode_settings(request.body)
        except MalformedMessage:
            return failure(400, "userIdForSettings and settings are required")
        count = self._running.save_settings(post.user_id_for_settings, post.settings)
        message = "Settings updated successfully"
        return Answer(200, {"status": "success", "message": message, "sessionsUpdated": count})

    async def _take_tool_call(self, request: Request) -> Answer:
        try:
            asked = decode_tool_call(request.body)
        except MalformedMessage:
            return failure(400, "toolId, toolParameters and userId are required")
        try:
            reply = await self._tools.ask(asked.with_session(self._running.find_session(asked.user_id)))
        except ToolError as problem:
            return failure(problem.status, str(problem))
        return Answer(200, {"status": "success", "reply": reply})
