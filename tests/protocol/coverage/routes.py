"""Which endpoint leads where."""

import re

from django.urls import Resolver404, resolve

from mentra_site.asgi import PROBES

PLACEHOLDER = re.compile(r":\w+")
# A parameter is a package, an address or an id; where a route takes one form only, one of these has it.
_STAND_INS = ("com.example.app", "12", "ada@example.com", "00000000-0000-4000-8000-000000000000")


def is_served(method: str, path: str) -> bool:
    """Whether a request of this method has a handler at this path; `:name` in the path stands for any value."""
    if path in PROBES:
        return method == "GET"
    return any(_takes(method, PLACEHOLDER.sub(stand_in, path)) for stand_in in _STAND_INS)


def is_named(method: str, path: str, text: str) -> bool:
    """Whether a test names the method, and the last two parts of the path that are the same for everybody.

    It may put them together itself.
    """
    is_asked = re.search(rf"\b{method}\b|\.{method.lower()}\(", text) is not None
    *_, before, last = ["", *PLACEHOLDER.sub("", path).strip("/").replace("//", "/").split("/")]
    return is_asked and before in text and re.search(rf"""["'/]{re.escape(last)}\b""", text) is not None


def _takes(method: str, path: str) -> bool:
    try:
        view = resolve(path).func
    except Resolver404:
        return False
    made_of = getattr(view, "cls", None) or getattr(view, "view_class", None)
    return made_of is None or hasattr(made_of, method.lower())
