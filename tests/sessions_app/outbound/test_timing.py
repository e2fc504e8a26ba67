"""What the time of a call went into, measured by a real client."""

from sessions_app.outbound.guard import call_outside, open_client
from tests.support.app_server import AppServer
from tests.support.ports import free_port


async def test_a_new_connection_and_the_answer_are_timed_apart() -> None:
    async with AppServer() as server, open_client() as client:
        url = f"http://localhost:{server.port}/webhook"
        first, second = [(await call_outside(client, "POST", url, body=b"{}")).timing for _ in range(2)]
    assert first.dns is not None
    assert first.connect is not None
    assert first.wait is not None
    assert first.total is not None
    assert first.total >= first.wait
    # The second call went over the connection of the first.
    assert (second.dns, second.connect) == (None, None)
    assert second.wait is not None


async def test_a_call_without_an_answer_has_an_end() -> None:
    async with open_client() as client:
        answer = await call_outside(client, "POST", f"http://127.0.0.1:{free_port()}/webhook")
    assert (answer.timing.connect, answer.timing.wait) == (None, None)
    assert answer.timing.total is not None
    assert answer.seconds == answer.timing.total / 1000
