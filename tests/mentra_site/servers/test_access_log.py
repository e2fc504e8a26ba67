"""Secrets stay out of log lines (pitfalls P-71)."""

import logging

import pytest

from mentra_site.servers.access_log import Redacting, log_action, redact


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("/glasses-ws?token=abc.def.ghi", "/glasses-ws?token=***"),
        ("/app-ws?userId=ada@x.org&apiKey=0123", "/app-ws?userId=ada@x.org&apiKey=***"),
        ("/app-ws?apikey=0123&x=1", "/app-ws?apikey=***&x=1"),
        ("/a?authToken=1&uploadToken=2&page=3", "/a?authToken=***&uploadToken=***&page=3"),
        ("/w?aos_temp_token=9&aos_signed_user_token=8", "/w?aos_temp_token=***&aos_signed_user_token=***"),
        ('"GET /x?token=abc HTTP/1.1" 200', '"GET /x?token=*** HTTP/1.1" 200'),
        ("/console/invitations/abc_-9/", "/console/invitations/***/"),
        (
            "/accounts/login/?next=%2Fconsole%2Finvitations%2Fabc%2F",
            "/accounts/login/?next=%2Fconsole%2Finvitations%2F***%2F",
        ),
        ("/console/try/abc/", "/console/try/***/"),
        ("/accounts/password/reset/key/1-abc/", "/accounts/password/reset/key/***/"),
        ("/api/console/orgs/accept/abc?x=1", "/api/console/orgs/accept/***?x=1"),
        ("/console/organizations/7/invitations/3/resend/", "/console/organizations/7/invitations/3/resend/"),
        ("/api/tts?text=my%20secret&language=en", "/api/tts?text=***&language=en"),
        ("/x?context=1", "/x?context=1"),
        ("/plain/path", "/plain/path"),
        ("/token/abc?x=1", "/token/abc?x=1"),
    ],
)
def test_the_value_of_a_secret_parameter_is_not_shown(line: str, shown: str) -> None:
    assert redact(line) == shown


def test_records_of_others_are_redacted_too() -> None:
    record = logging.LogRecord(
        "uvicorn.error",
        logging.INFO,
        "",
        0,
        '%s - "WebSocket %s" %d',
        ("1.2.3.4:5", "/app-ws?apiKey=01", 403),
        None,
    )
    Redacting().filter(record)

    assert record.getMessage() == '1.2.3.4:5 - "WebSocket /app-ws?apiKey=***" 403'


def test_a_request_is_one_line(caplog: pytest.LogCaptureFixture) -> None:
    details = {
        "client": "1.2.3.4:5",
        "method": "GET",
        "path": "/x?token=s",
        "status": 200,
        "time_taken": 0.0123,
    }
    with caplog.at_level(logging.INFO):
        log_action("http", "complete", details)
        log_action("websocket", "connected", {"client": "1.2.3.4:5", "path": "/app-ws?apiKey=s"})

    assert [record.getMessage() for record in caplog.records] == [
        "1.2.3.4:5 GET /x?token=*** 200 12 ms",
        "1.2.3.4:5 WebSocket /app-ws?apiKey=*** connected",
    ]
