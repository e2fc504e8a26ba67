"""What a newcomer finds: a developer, a user, and apps that are registered, installed and running."""

import json
import os
import secrets
import shlex
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from django.conf import settings
from django.db import connections, transaction

from accounts.models import User
from accounts.services import get_or_create_user, make_operator, trust_address
from mentra_site.places import HOME, SPEECH_SAMPLE, TYPED_COMMAND
from mentra_site.supervisor.demo_apps import EXAMPLES, DemoApp, load_app
from mentra_site.supervisor.options import UpOptions
from sessions_app.speech.choosing import Choice
from sessions_app.speech.engines.local_engine import NOT_INSTALLED
from sessions_app.speech.engines.whisper_files import find_missing_packages

RECORD = "demo.json"


@dataclass
class DemoSecrets:
    """What cannot be read back from the database; kept in the data folder, readable by its owner only.

    API keys by package name.
    """

    developer_password: str = ""
    user_password: str = ""
    api_keys: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class LoadedDemo:
    """The demo as it stands now."""

    kept: DemoSecrets
    apps: tuple[DemoApp, ...]


def load(options: UpOptions) -> LoadedDemo:
    """Bring the demo's people and apps into the database; blocking. Run again, it adds what is missing."""
    path = options.data_dir / RECORD
    kept = _read_secrets(path)
    try:
        with transaction.atomic():
            developer, kept.developer_password = _person(
                settings.DEMO_DEVELOPER_EMAIL, kept.developer_password
            )
            make_operator(user=developer)
            user, kept.user_password = _person(settings.DEMO_USER_EMAIL, kept.user_password)
            apps = tuple(
                load_app(
                    example,
                    developer=developer,
                    user=user,
                    api_key=kept.api_keys.get(example.package_name, ""),
                )
                for example in EXAMPLES
            )
            kept.api_keys = {app.example.package_name: app.api_key for app in apps}
            _write_secrets(path, kept)
    finally:
        connections.close_all()
    return LoadedDemo(kept, apps)


def introduce(demo: LoadedDemo, options: UpOptions) -> str:
    """Tell the operator where everything is and what to type next."""
    sockets = options.url.replace("http", "ws", 1)
    command = _next_command(options)
    return f"""
  Console       {options.url}/console/   for developers
  Admin         {options.url}/admin/   for operators
  Health        {options.url}/health
  Phones        {sockets}/glasses-ws
  Apps          {sockets}/app-ws

  Developer     {settings.DEMO_DEVELOPER_EMAIL}   password {demo.kept.developer_password}
  User          {settings.DEMO_USER_EMAIL}   password {demo.kept.user_password}
{_list_apps(demo)}

  See the first on simulated glasses; type in another terminal:

    {command}

{_how_to_hear(options, command)}
  Ctrl-C stops everything.
"""


def _how_to_hear(options: UpOptions, command: str) -> str:
    """Tell how to see speech become words, or what it needs."""
    if not options.speech_workers:
        return "  Nobody recognises speech here; that takes --speech-workers 1.\n"
    if Choice.read(settings.SPEECH_ENGINES).names == ("whisper",) and find_missing_packages(
        settings.SPEECH_MODEL_DIR
    ):
        return f"  {NOT_INSTALLED}.\n"
    return f"""\
  Or read what somebody says in a sound file, while it is spoken:

    {command} --wav {_shown(SPEECH_SAMPLE)}
"""


def _list_apps(demo: LoadedDemo) -> str:
    lines = [f"{app.example.package_name}, installed for the user, served at {app.url}" for app in demo.apps]
    return "\n".join(f"  {'' if number else 'Demo apps':14}{line}" for number, line in enumerate(lines))


def _next_command(options: UpOptions) -> str:
    command = " ".join((*map(_shown, TYPED_COMMAND), "simulate_glasses --demo"))
    if options.data_dir == HOME / "var":
        return command
    return f"MENTRA_DATA_DIR={shlex.quote(str(options.data_dir))} {command}"


def _shown(path: Path) -> str:
    """Return the path as it is typed from where the operator is."""
    here = Path.cwd()
    return shlex.quote(str(path.relative_to(here) if path.is_relative_to(here) else path))


def _person(email: str, password: str) -> tuple[User, str]:
    """Return the user and a password that fits; making and checking hashes is slow, so only when needed."""
    user = get_or_create_user(email=email)
    if not password or not user.has_usable_password():
        password = secrets.token_urlsafe(9)
        user.set_password(password)
        user.save(update_fields=["password"])
    trust_address(user=user)
    return user, password


def _read_secrets(path: Path) -> DemoSecrets:
    names = {each.name for each in fields(DemoSecrets)}
    try:
        kept = json.loads(path.read_text())
        return DemoSecrets(**{name: value for name, value in kept.items() if name in names})
    except (OSError, ValueError, TypeError, AttributeError):
        return DemoSecrets()


def _write_secrets(path: Path, kept: DemoSecrets) -> None:
    draft = path.with_name(f".{path.name}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(asdict(kept), file)
    draft.replace(path)
