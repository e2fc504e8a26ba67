"""The example apps of the demo: how each is registered, and the process that serves it."""

import json
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from accounts.models import User
from accounts.services import ensure_default_organization
from apps_registry.models import App
from apps_registry.rules import read_config
from apps_registry.selectors import find_app, find_valid_key
from apps_registry.services import create_api_key, install_app, register_app, update_app
from mentra_site.supervisor.child import ChildSpec
from mentra_site.supervisor.processes import BASE_DIR


@dataclass(frozen=True)
class Example:
    """An app in the folder of examples; its `app_config.json` says what it is registered with."""

    folder: str
    package_name: str
    process: str

    @property
    def module(self) -> str:
        return f"examples.{self.folder}"

    def read_details(self) -> dict[str, Any]:
        """Return what the app's developer says about it."""
        config = json.loads((BASE_DIR / "examples" / self.folder / "app_config.json").read_text())
        details, _, _ = read_config(config)
        return details


@dataclass(frozen=True)
class DemoApp:
    """An example that is registered and installed, with what its process is told."""

    example: Example
    port: int
    api_key: str
    webhook_secret: str

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def process(self, environment: Mapping[str, str]) -> ChildSpec:
        """Describe its process; it is told what any app server is told."""
        own = {
            "PACKAGE_NAME": self.example.package_name,
            "API_KEY": self.api_key,
            "WEBHOOK_SECRET": self.webhook_secret,
            "PORT": str(self.port),
        }
        command = (sys.executable, "-m", self.example.module)
        return ChildSpec(self.example.process, command, {**environment, **own})


EXAMPLES = (
    Example("hello_glasses", settings.DEMO_APP_PACKAGE, "hello"),
    Example("live_captions", settings.DEMO_CAPTIONS_PACKAGE, "captions"),
)


def load_app(example: Example, *, developer: User, user: User, api_key: str) -> DemoApp:
    """Register the example or bring it up to date, and install it; `api_key` is kept while it is good."""
    port = _free_port()
    app = _register(example, developer, f"http://127.0.0.1:{port}")
    install_app(user=user, app=app, by_operator=True)
    if find_valid_key(app.package_name, api_key) is None:
        _, api_key = create_api_key(app=app, name="demo")
    return DemoApp(example, port, api_key, app.webhook_secret)


def _register(example: Example, developer: User, url: str) -> App:
    details = {**example.read_details(), "developer": developer}
    app = find_app(example.package_name)
    if app is not None:
        return update_app(app=app, public_url=url, **details)
    home = ensure_default_organization(user=developer)
    return register_app(package_name=example.package_name, public_url=url, organization=home, **details)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
