"""Each address leads to one place."""

from collections import Counter
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from sessions_app.transport.routing import ROUTES


def test_http_routes_are_mounted_once() -> None:
    counted = Counter(_routes(get_resolver().url_patterns, ""))
    assert not {route: times for route, times in counted.items() if times > 1}


def test_both_names_of_a_socket_lead_to_the_same_place() -> None:
    assert ROUTES["/glasses-ws"] is ROUTES["/ws/client"]
    assert ROUTES["/app-ws"] is ROUTES["/ws/miniapp"]


def _routes(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[str]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, path)
        else:
            yield path
