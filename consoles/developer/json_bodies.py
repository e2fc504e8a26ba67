"""Reading the JSON that a page's script sends."""

import json
from typing import Any

from django.http import HttpRequest


class BadBody(ValueError):
    """The body is not what the page sends; the text says what is expected."""


def read_json_object(request: HttpRequest) -> dict[str, Any]:
    """Return the body, an object; raise BadBody."""
    try:
        read = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise BadBody("The body must be JSON.") from error
    if not isinstance(read, dict):
        raise BadBody("The body must be a JSON object.")
    return read
