"""Which versions clients are told (rest §2, §4, §6)."""

from typing import Any

from django.test import Client

from mentra_site.version import __version__


def test_phones_are_told_what_they_have_to_be(settings: Any) -> None:
    settings.PHONE_VERSION_REQUIRED, settings.PHONE_VERSION_RECOMMENDED = "2.2.0", "2.3.1"
    answer = Client().get("/api/client/min-version")
    said = answer.json()
    assert (said["success"], said["data"]) == (True, {"required": "2.2.0", "recommended": "2.3.1"})
    assert said["timestamp"].endswith("Z")
    assert answer.headers["Cache-Control"] == "no-store"


def test_apps_are_told_the_newest_sdk(settings: Any) -> None:
    settings.SDK_VERSION_LATEST = "9.8.7"
    said = {"success": True, "data": {"latest": "9.8.7"}}
    assert Client().get("/api/sdk/version").json() == said


def test_the_cloud_tells_its_own() -> None:
    for path in ("/api/apps/version", "/apps/version"):
        assert Client().get(path).json() == {"version": __version__}
