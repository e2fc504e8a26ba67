"""The example apps of the demo: how each is registered, and the process that serves it."""

import os
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings

from accounts.models import User
from accounts.services import ensure_default_organization
from apps_registry.examples import list_examples
from apps_registry.models import App
from apps_registry.selectors import find_app, find_valid_key
from apps_registry.services import create_api_key, install_app, register_app, update_app
from mentra_site.places import EXAMPLES_HOME
from mentra_site.supervisor.child import ChildSpec


@dataclass(frozen=True)
class DemoExample:
    """An example of the demo: its folder, the name it is registered under, and that of its process."""

    folder: str
    package_name: str
    process: str


@dataclass(frozen=True)
class DemoApp:
    """An example that is registered and installed, with what its process is told."""

    example: DemoExample
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
            "PYTHONPATH": os.pathsep.join((str(EXAMPLES_HOME), environment["PYTHONPATH"])),
        }
        command = (sys.executable, "-P", "-m", f"examples.{self.example.folder}")
        return ChildSpec(self.example.process, command, {**environment, **own})


EXAMPLES = (
    DemoExample("hello_glasses", settings.DEMO_APP_PACKAGE, "hello"),
    DemoExample("live_captions", settings.DEMO_CAPTIONS_PACKAGE, "captions"),
)


def load_app(example: DemoExample, *, developer: User, user: User, api_key: str) -> DemoApp:
    """Register the example or bring it up to date, and install it; `api_key` is kept while it is good."""
    port = _free_port()
    app = _register(example, developer, f"http://127.0.0.1:{port}")
    install_app(user=user, app=app, by_operator=True)
    if find_valid_key(app.package_name, api_key) is None:
        _, api_key = create_api_key(app=app, name="demo")
    return DemoApp(example, port, api_key, app.webhook_secret)


def _register(example: DemoExample, developer: User, url: str) -> App:
    known = {each.folder: each for each in list_examples()}
    details = {**known[example.folder].details_at(url), "developer": developer}
    app = find_app(example.package_name)
    if app is not None:
        return update_app(app=app, **details)
    home = ensure_default_organization(user=developer)
    return register_app(package_name=example.package_name, organization=home, **details)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
