"""What the answer of an app's server means, told to who writes it."""

import pytest

from accounts.acting import acting_as
from accounts.errors import TooManyRequests
from accounts.limits import LIMITS
from consoles.developer import url_check
from consoles.developer.url_check import UrlReport, check_url, judge
from sessions_app.outbound.guard import Failure, OutsideAnswer
from sessions_app.outbound.timing import Timing
from tests.support.personas import DORA, make_user

FAR = "https://app.example"


@pytest.mark.parametrize(
    ("answer", "outcome", "told"),
    [
        (OutsideAnswer(200, timing=Timing(total=12.3)), "good", "HTTP 200 in 12 ms"),
        (OutsideAnswer(404), "good", "HTTP 404 for /health"),
        (OutsideAnswer(302, {"Location": "https://b.example"}), "doubtful", "redirects to https://b.example"),
        (OutsideAnswer(301), "doubtful", "redirects to another address"),
        (OutsideAnswer(502), "doubtful", "answers with an error"),
        (OutsideAnswer(401), "doubtful", "asks for a log-in"),
    ],
)
def test_an_answer_is_judged(answer: OutsideAnswer, outcome: str, told: str) -> None:
    report = judge(FAR, answer)
    assert report.outcome == outcome
    assert told in report.said


@pytest.mark.parametrize("failure", Failure)
def test_every_way_to_fail_is_told_with_what_to_do(failure: Failure) -> None:
    report = judge(FAR, OutsideAnswer(failure=failure, problem="details"))
    assert (report.outcome, len(report.hints) > 0) == ("bad", True)
    assert ("details" in " ".join(report.hints)) is (failure is Failure.TLS_FAILED)


@pytest.mark.parametrize(
    "base", ["http://localhost:3000", "http://10.0.0.7", "http://[::1]:1", "http://mac.local"]
)
def test_a_server_nearby_is_told_of_tunnels(base: str) -> None:
    assert "tunnel" in " ".join(judge(base, OutsideAnswer(200)).hints)


def test_an_open_line_is_told_of_tls() -> None:
    assert "https://" in " ".join(judge("http://app.example", OutsideAnswer(200)).hints)
    assert judge(FAR, OutsideAnswer(200)).hints == ()


def test_what_is_no_address_is_not_called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(url_check, "call_outside_once", None)
    assert check_url("nowhere").outcome == "bad"
    assert "Leave /webhook off" in check_url(f"{FAR}/webhook").said


@pytest.mark.django_db
def test_nobody_has_addresses_called_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(url_check, "call_outside_once", lambda *_, **__: OutsideAnswer(200))
    with acting_as(make_user(DORA)):
        for _ in range(LIMITS["url_check"].most):
            assert check_url(FAR) == UrlReport("good", "It answers (HTTP 200 in 0 ms).")
        with pytest.raises(TooManyRequests):
            check_url(FAR)
