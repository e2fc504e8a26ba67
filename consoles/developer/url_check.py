"""Calling an app's address as this cloud would, and saying in plain words what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from ipaddress import ip_address
from urllib.parse import urlsplit

from accounts.limits import take_for_actor
from apps_registry.errors import RegistryError
from apps_registry.rules import is_public_address, read_details
from sessions_app.outbound.guard import Failure, OutsideAnswer, call_outside_once

HEALTH_PATH = "/health"
CHECK_SECONDS = 5.0
_TUNNEL = (
    "To be reached from elsewhere, a server on your own machine needs a tunnel with an https:// address."
)

_FAILURES: Mapping[Failure, tuple[str, str]] = {
    Failure.PRIVATE_ADDRESS: ("Refused: this is a private network, which this cloud does not call.", _TUNNEL),
    Failure.UNKNOWN_HOST: (
        "There is no such host.",
        "Look for a typing mistake. A new name takes a while to be known.",
    ),
    Failure.NOBODY_LISTENS: (
        "Nobody listens there.",
        "Start your app's server, and compare its port with the one in the address.",
    ),
    Failure.TLS_FAILED: (
        "The secure connection failed.",
        "The certificate must be valid for this host and be signed by a known authority.",
    ),
    Failure.TIMED_OUT: (
        "It does not answer.",
        "A firewall may swallow the call, or the server is busy with something else.",
    ),
    Failure.BROKEN_ANSWER: ("What answers there does not speak HTTP.", "Is it another service's port?"),
    Failure.BAD_URL: ("This is no address that can be called.", "It looks like https://app.example.com."),
}

_DOUBTFUL = (
    (range(300, 400), "It redirects to {where}", "Calls are not redirected: enter the address it leads to."),
    (
        range(500, 600),
        "It answers with an error",
        "Behind a tunnel this means that your server is not running.",
    ),
    ((401, 403), "It asks for a log-in", "The cloud logs in nowhere: let its calls through."),
)


@dataclass(frozen=True, slots=True)
class UrlReport:
    """What a check found: `outcome` is `good`, `doubtful` or `bad`, `hints` say what to do."""

    outcome: str
    said: str
    hints: tuple[str, ...] = ()


def check_url(url: str) -> UrlReport:
    """Call `url` once, by the way every call to an app takes; raise TooManyRequests for who checks too often."""
    try:
        base = str(read_details({"public_url": url})["public_url"])
    except RegistryError as error:
        return UrlReport("bad", error.message)
    take_for_actor("url_check")
    answer = call_outside_once("GET", base + HEALTH_PATH, timeout_seconds=CHECK_SECONDS)
    return judge(base, answer)


def judge(base: str, answer: OutsideAnswer) -> UrlReport:
    """Say what an answer of `base` to a GET of its health page means for somebody who writes an app."""
    hints = _hints_about(base)
    if answer.status is None:
        said, hint = _FAILURES[answer.failure or Failure.BROKEN_ANSWER]
        detail = (f"In detail: {answer.problem}.",) if answer.failure is Failure.TLS_FAILED else ()
        return UrlReport("bad", said, (hint, *detail))
    took = f"{answer.seconds * 1000:.0f} ms"
    for statuses, said, hint in _DOUBTFUL:
        if answer.status in statuses:
            where = answer.headers.get("Location", "another address")[:200]
            told = f"{said.format(where=where)} (HTTP {answer.status} in {took})."
            return UrlReport("doubtful", told, (hint, *hints))
    if answer.status == HTTPStatus.OK:
        return UrlReport("good", f"It answers (HTTP {answer.status} in {took}).", hints)
    told = f"Something answers (HTTP {answer.status} for {HEALTH_PATH} in {took})."
    return UrlReport(
        "good", told, ("Servers made with the SDK have a health page; yours needs none.", *hints)
    )


def _hints_about(base: str) -> tuple[str, ...]:
    parts = urlsplit(base)
    host = parts.hostname or ""
    if _is_near(host):
        return (f"Only this cloud's own network reaches it. {_TUNNEL}",)
    if parts.scheme == "http":
        return ("Use https:// before others wear the app: calls carry who wears it.",)
    return ()


def _is_near(host: str) -> bool:
    if host == "localhost" or host.endswith((".localhost", ".local")):
        return True
    try:
        return not is_public_address(str(ip_address(host)))
    except ValueError:
        return False
