"""What the scripts of the editors do: read the facts of a page, send JSON."""

import json
from typing import Any

from django.test import Client

from apps_registry.models import App


def editor_of(app: App, page: str) -> str:
    """Return the address of an editor of an app."""
    return f"/console/apps/{app.pk}/{page}/"


def send(browser: Client, path: str, body: Any) -> Any:
    """Post JSON as the page's script does."""
    return browser.post(path, json.dumps(body), content_type="application/json")


def facts_of(browser: Client, path: str) -> Any:
    """Return what the page's script reads."""
    text = browser.get(path).content.decode()
    _, _, rest = text.partition('<script id="facts" type="application/json">')
    return json.loads(rest.partition("</script>")[0])
