"""Whether an app's server answers, in words that say what to do."""

import json

import pytest

from apps_registry.models import App
from consoles.developer.tour import answering
from sessions_app.outbound.guard import Failure, OutsideAnswer

APP = App(package_name="com.example.first", public_url="http://127.0.0.1:7345")


def health(name: object, status: int = 200) -> OutsideAnswer:
    return OutsideAnswer(status, body=json.dumps({"status": "healthy", "app": name}).encode())


@pytest.mark.parametrize(
    ("answer", "answers", "words"),
    [
        (health("com.example.first"), True, "says that it is com.example.first"),
        (health("com.example.other"), False, "Another app answers"),
        (health(7), True, "It answers (HTTP 200"),
        (OutsideAnswer(404, body=b"nothing here"), True, "HTTP 404"),
        (OutsideAnswer(200, body=b"[1]"), True, "It answers (HTTP 200"),
        (OutsideAnswer(502, body=b"\xff"), False, "HTTP 502"),
        (
            OutsideAnswer(failure=Failure.NOBODY_LISTENS),
            False,
            "Nobody listens there. Start your app's server",
        ),
    ],
)
def test_what_was_found_is_said(
    monkeypatch: pytest.MonkeyPatch, answer: OutsideAnswer, answers: bool, words: str
) -> None:
    asked: list[tuple[str, ...]] = []

    def call(*request: str, timeout_seconds: float) -> OutsideAnswer:
        asked.append(request)
        return answer

    monkeypatch.setattr(answering, "call_outside_once", call)
    finding = answering.look_for_server(APP)
    assert asked == [("GET", "http://127.0.0.1:7345/health")]
    assert finding.answers is answers
    assert words in finding.words
