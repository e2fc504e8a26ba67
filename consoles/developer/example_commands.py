"""The command that runs an example for one app of a developer's own, with its facts filled in."""

import shlex
from urllib.parse import urlsplit

from django.conf import settings

from apps_registry.examples import Example
from apps_registry.models import App


def how_to_run(example: Example, app: App, api_key: str) -> str:
    """Return what to type in a folder with the cloud's code; it holds the key and the webhook secret."""
    facts = {
        "PACKAGE_NAME": app.package_name,
        "API_KEY": api_key,
        "WEBHOOK_SECRET": app.webhook_secret,
        "PORT": urlsplit(app.public_url).port or example.port,
    }
    if app.webview_url:
        facts["CLOUD_URL"] = settings.PUBLIC_URL
    lines = [f"{name}={shlex.quote(str(value))}" for name, value in facts.items()]
    command = " \\\n".join([*lines, f".venv/bin/python -m {example.module}"])
    if not example.requirements:
        return command
    return f".venv/bin/pip install -r {example.requirements}\n{command}"
