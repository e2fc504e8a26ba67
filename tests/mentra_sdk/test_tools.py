"""Tool calls: from the cloud's POST to the author's function and back."""

import asyncio
import json
import logging
import time

import pytest

from mentra_sdk import MiniAppServer, ToolCall, ToolError
from mentra_sdk.tools import Tools, decode_tool_call
from sessions_app.protocol.codec import encode
from sessions_app.protocol.webhooks import ToolCall as CloudsToolCall
from tests.mentra_sdk.fake_cloud import API_KEY, PACKAGE, QUICK, USER, post, request, signed
from tests.mentra_sdk.stage import Stage

CALL = {
    "toolId": "add_todo",
    "toolParameters": {"text": "buy milk", "due": None},
    "userId": USER,
    "timestamp": "2026-01-02T03:04:05.678Z",
}


@pytest.mark.parametrize("path", ["/tool", "/api/_mentraos/tool"])
async def test_a_call_reaches_the_handler_and_its_reply_the_cloud(app: MiniAppServer, path: str) -> None:
    calls: list[ToolCall] = []

    @app.on_tool_call
    async def on_tool_call(call: ToolCall) -> str:
        calls.append(call)
        return "Added."

    assert await post(app, path, CALL) == (200, {"status": "success", "reply": "Added."})
    assert calls == [
        ToolCall(
            tool_id="add_todo",
            parameters={"text": "buy milk", "due": None},
            user_id=USER,
            timestamp="2026-01-02T03:04:05.678Z",
        )
    ]


async def test_a_plain_handler_may_reply_nothing(app: MiniAppServer) -> None:
    app.on_tool_call(lambda call: None)
    assert await post(app, "/tool", CALL) == (200, {"status": "success", "reply": None})


async def test_a_call_for_somebody_who_runs_the_app_has_the_session(stage: Stage, app: MiniAppServer) -> None:
    calls: list[ToolCall] = []
    app.on_tool_call(calls.append)
    await post(app, "/tool", CALL)
    await post(app, "/tool", {**CALL, "userId": "grace@example.com"})
    assert [call.session for call in calls] == [stage.session, None]


async def test_without_a_handler_there_are_no_tools(app: MiniAppServer) -> None:
    status, answer = await post(app, "/tool", CALL)
    assert (status, answer["status"]) == (404, "error")


async def test_a_handler_refuses_with_a_sentence_and_a_status(app: MiniAppServer) -> None:
    @app.on_tool_call
    def on_tool_call(call: ToolCall) -> str:
        raise ToolError("There is no such list", status=422)

    assert await post(app, "/tool", CALL) == (422, {"status": "error", "message": "There is no such list"})


async def test_what_a_handler_raises_is_logged_with_the_session_and_not_told(
    stage: Stage, app: MiniAppServer, caplog: pytest.LogCaptureFixture
) -> None:
    @app.on_tool_call
    async def on_tool_call(call: ToolCall) -> str:
        raise KeyError("the database password")

    assert await post(app, "/tool", CALL) == (500, {"status": "error", "message": "The tool failed"})
    record = next(record for record in caplog.records if record.levelno == logging.ERROR)
    assert stage.session.session_id in record.getMessage()
    assert record.exc_info is not None
    assert stage.session.is_connected


async def test_a_reply_that_is_no_text_is_a_failure(
    app: MiniAppServer, caplog: pytest.LogCaptureFixture
) -> None:
    app.on_tool_call(lambda call: 3)
    assert (await post(app, "/tool", CALL))[0] == 500
    assert "replied int instead of text" in caplog.text


async def test_a_handler_that_takes_longer_than_the_cloud_waits_is_cancelled() -> None:
    tools = Tools(answer_seconds=0.01)
    cancelled = asyncio.Event()

    async def forever(call: ToolCall) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    tools.handler = forever
    with pytest.raises(ToolError, match="too long") as caught:
        await tools.ask(ToolCall(tool_id="t", parameters={}, user_id=USER))
    assert (caught.value.status, cancelled.is_set()) == (504, True)


@pytest.mark.parametrize("body", [b"", b"[]", b'{"toolId":"t"}', b'{"toolId":"t","userId":3}'])
async def test_what_is_no_call_is_refused(app: MiniAppServer, body: bytes) -> None:
    app.on_tool_call(lambda call: "never")
    assert (await post(app, "/tool", body))[0] == 400


async def test_with_a_secret_only_signed_calls_are_taken() -> None:
    app = MiniAppServer(package_name=PACKAGE, api_key=API_KEY, webhook_secret="hush", timing=QUICK)
    app.on_tool_call(lambda call: "done")
    body = json.dumps(CALL).encode()
    assert (await post(app, "/tool", body))[0] == 401
    assert (await post(app, "/tool", body, signed("hush", body, int(time.time() * 1000))))[0] == 200


async def test_the_route_is_for_posts(app: MiniAppServer) -> None:
    assert (await request(app, "PUT", "/tool"))[0] == 404


def test_the_sdk_reads_what_our_cloud_posts() -> None:
    body = encode(CloudsToolCall("t", {"a": 1}, USER, "2026-01-02T03:04:05.678Z")).encode()
    assert decode_tool_call(body).tool_parameters == {"a": 1}


@pytest.mark.parametrize("status", [200, 399, 600])
def test_an_error_has_the_status_of_an_error(status: int) -> None:
    with pytest.raises(ValueError, match="no HTTP status of an error"):
        ToolError("no", status=status)
