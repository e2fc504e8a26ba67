"""Production settings: nothing to complain about, and browsers kept to https without anybody else being sent away."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from mentra_site.settings.origins import origin_of

ROOT = Path(__file__).resolve().parents[2]
NEEDED = {
    "DJANGO_SETTINGS_MODULE": "mentra_site.settings.prod",
    "DJANGO_SECRET_KEY": "".join(f"{number:x}z" for number in range(40)),
    "AUGMENTOS_AUTH_JWT_SECRET": "j" * 50,
    "DATABASE_URL": "postgres://nobody@127.0.0.1/none",
    "REDIS_URL": "redis://127.0.0.1:9/0",
    "PUBLIC_URL": "https://cloud.example.com/",
    "DJANGO_ALLOWED_HOSTS": "cloud.example.com",
}
NAMES = (
    *("SECURE_SSL_REDIRECT", "SECURE_REDIRECT_EXEMPT", "SECURE_HSTS_SECONDS", "CSRF_TRUSTED_ORIGINS"),
    *("ALLAUTH_TRUSTED_PROXY_COUNT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "DEBUG"),
)


def run(tmp_path: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    own = {"PATH": os.environ["PATH"], "MENTRA_DATA_DIR": str(tmp_path), **NEEDED, **environment}
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=own, capture_output=True, text=True, check=False
    )


def read(tmp_path: Path, **environment: str) -> dict[str, Any]:
    """Return what the production settings say in an environment."""
    code = (
        "import json; from mentra_site.settings import prod;"
        f"print(json.dumps({{name: getattr(prod, name) for name in {NAMES!r}}}))"
    )
    read: dict[str, Any] = json.loads(run(tmp_path, "-c", code, **environment).stdout)
    return read


def test_djangos_own_check_of_a_deployment_finds_nothing(tmp_path: Path) -> None:
    done = run(tmp_path, "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WARNINGS" not in done.stderr


def test_a_public_address_with_tls_keeps_browsers_to_it(tmp_path: Path) -> None:
    assert read(tmp_path) == {
        "SECURE_SSL_REDIRECT": True,
        "SECURE_REDIRECT_EXEMPT": [],
        "SECURE_HSTS_SECONDS": 31_536_000,
        "CSRF_TRUSTED_ORIGINS": ["https://cloud.example.com"],
        "ALLAUTH_TRUSTED_PROXY_COUNT": 1,
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "DEBUG": False,
    }


def test_a_cloud_inside_a_network_redirects_nobody(tmp_path: Path) -> None:
    said = read(tmp_path, PUBLIC_URL="http://cloud.internal:8000", DJANGO_DEBUG="1")
    assert (said["SECURE_SSL_REDIRECT"], said["CSRF_TRUSTED_ORIGINS"]) == (
        False,
        ["http://cloud.internal:8000"],
    )
    assert not said["DEBUG"], "production never shows error pages with details"


@pytest.fixture
def behind_tls(settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_HSTS_SECONDS = 60
    settings.SECURE_REDIRECT_EXEMPT = [r"^(api|auth|apps|appsettings|tpasettings)(/|$)"]


@pytest.mark.django_db
@pytest.mark.usefixtures("behind_tls")
def test_browsers_are_led_to_tls_and_programs_inside_are_answered() -> None:
    browser = Client()
    led = browser.get("/accounts/login/")
    assert (led.status_code, led.headers["Location"]) == (301, "https://testserver/accounts/login/")
    safe = browser.get("/accounts/login/", headers={"X-Forwarded-Proto": "https"})
    assert (safe.status_code, safe.headers["Strict-Transport-Security"]) == (200, "max-age=60")
    assert safe.headers["Referrer-Policy"] == "same-origin"
    assert safe.headers["X-Content-Type-Options"] == "nosniff"
    assert browser.get("/api/console/account").status_code == 401


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://cloud.example.com/base", "https://cloud.example.com"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
    ],
)
def test_an_address_has_an_origin(url: str, origin: str) -> None:
    assert origin_of(url) == origin
