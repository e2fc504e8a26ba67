"""What a newcomer finds: a developer, a user, and an app that is registered, installed and running."""

import json
import os
import secrets
import shlex
import socket
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.db import connections, transaction

from accounts.models import User
from accounts.services import ensure_default_organization, get_or_create_user, make_operator, trust_address
from apps_registry.models import App
from apps_registry.rules import AppType, PermissionType
from apps_registry.selectors import find_app, find_valid_key
from apps_registry.services import AppDetails, create_api_key, install_app, register_app, update_app
from mentra_site.supervisor.child import ChildSpec
from mentra_site.supervisor.options import UpOptions
from mentra_site.supervisor.processes import BASE_DIR

APP_MODULE = "examples.hello_glasses"
APP_NAME = "Hello glasses"
RECORD = "demo.json"


@dataclass
class DemoSecrets:
    """What cannot be read back from the database; kept in the data folder, readable by its owner only."""

    developer_password: str = ""
    user_password: str = ""
    api_key: str = ""


@dataclass(frozen=True)
class LoadedDemo:
    """The demo as it stands now."""

    kept: DemoSecrets
    app_port: int
    webhook_secret: str

    @property
    def app_url(self) -> str:
        return f"http://127.0.0.1:{self.app_port}"


def load(options: UpOptions) -> LoadedDemo:
    """Bring the demo's people and app into the database; blocking. Run again, it adds what is missing."""
    path = options.data_dir / RECORD
    kept = _read_secrets(path)
    port = _free_port()
    try:
        with transaction.atomic():
            developer, kept.developer_password = _person(
                settings.DEMO_DEVELOPER_EMAIL, kept.developer_password
            )
            make_operator(user=developer)
            user, kept.user_password = _person(settings.DEMO_USER_EMAIL, kept.user_password)
            app = _register(developer, f"http://127.0.0.1:{port}")
            install_app(user=user, app=app, by_operator=True)
            if find_valid_key(app.package_name, kept.api_key) is None:
                _, kept.api_key = create_api_key(app=app, name="demo")
            _write_secrets(path, kept)
    finally:
        connections.close_all()
    return LoadedDemo(kept, port, app.webhook_secret)


def app_process(demo: LoadedDemo, environment: Mapping[str, str]) -> ChildSpec:
    """Describe the process of the demo app; it is told what any app server is told."""
    own = {
        "PACKAGE_NAME": settings.DEMO_APP_PACKAGE,
        "API_KEY": demo.kept.api_key,
        "WEBHOOK_SECRET": demo.webhook_secret,
        "PORT": str(demo.app_port),
    }
    return ChildSpec("hello", (sys.executable, "-m", APP_MODULE), {**environment, **own})


def introduce(demo: LoadedDemo, options: UpOptions) -> str:
    """Tell the operator where everything is and what to type next."""
    sockets = options.url.replace("http", "ws", 1)
    return f"""
  Console       {options.url}/console/   for developers
  Admin         {options.url}/admin/   for operators
  Health        {options.url}/health
  Phones        {sockets}/glasses-ws
  Apps          {sockets}/app-ws

  Developer     {settings.DEMO_DEVELOPER_EMAIL}   password {demo.kept.developer_password}
  User          {settings.DEMO_USER_EMAIL}   password {demo.kept.user_password}
  Demo app      {settings.DEMO_APP_PACKAGE}, installed for the user, served at {demo.app_url}

  See it on simulated glasses; type in another terminal:

    {_next_command(options)}

  Ctrl-C stops everything.
"""


def _next_command(options: UpOptions) -> str:
    here = Path.cwd()
    interpreter, manage = (_shortest(path, here) for path in (Path(sys.executable), BASE_DIR / "manage.py"))
    command = f"{shlex.quote(interpreter)} {shlex.quote(manage)} simulate_glasses --demo"
    if options.data_dir == BASE_DIR / "var":
        return command
    return f"MENTRA_DATA_DIR={shlex.quote(str(options.data_dir))} {command}"


def _shortest(path: Path, here: Path) -> str:
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def _person(email: str, password: str) -> tuple[User, str]:
    """Return the user and a password that fits; making and checking hashes is slow, so only when needed."""
    user = get_or_create_user(email=email)
    if not password or not user.has_usable_password():
        password = secrets.token_urlsafe(9)
        user.set_password(password)
        user.save(update_fields=["password"])
    trust_address(user=user)
    return user, password


def _register(developer: User, url: str) -> App:
    details: AppDetails = {
        "name": APP_NAME,
        "developer": developer,
        "app_type": AppType.STANDARD,
        "permissions": [PermissionType.MICROPHONE],
    }
    app = find_app(settings.DEMO_APP_PACKAGE)
    if app is not None:
        return update_app(app=app, public_url=url, **details)
    home = ensure_default_organization(user=developer)
    return register_app(package_name=settings.DEMO_APP_PACKAGE, public_url=url, organization=home, **details)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _read_secrets(path: Path) -> DemoSecrets:
    try:
        return DemoSecrets(**json.loads(path.read_text()))
    except (OSError, ValueError, TypeError):
        return DemoSecrets()


def _write_secrets(path: Path, kept: DemoSecrets) -> None:
    draft = path.with_name(f".{path.name}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(asdict(kept), file)
    draft.replace(path)
